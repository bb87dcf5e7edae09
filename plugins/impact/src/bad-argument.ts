import { VoxhostError } from '@voxhost/sdk';

/** An error of the caller, which no other backend would take either. */
export const badArgument = (argument: string, reason: string, cause?: unknown): VoxhostError =>
  new VoxhostError('BAD_ARGUMENT', { argument, reason }, cause);
