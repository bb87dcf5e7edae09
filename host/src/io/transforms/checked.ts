import { isVoxhostError } from '@voxhost/sdk';
import { FaultError, REWRITE } from '../bad-file.js';

/** Runs `make`; what a constructor refuses is a fault of the file that the numbers came from. */
export function checked<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw toFault(error);
  }
}

function toFault(error: unknown): unknown {
  if (isVoxhostError(error, 'BAD_ARGUMENT')) {
    const { argument: field, reason } = error.fields;
    return new FaultError({ field, reason, remedy: REWRITE }, { cause: error });
  }
  if (isVoxhostError(error, 'BAD_GRID')) {
    return new FaultError({ ...error.fields, remedy: REWRITE }, { cause: error });
  }
  return error;
}
