import {
  isVoxhostError,
  type Operation,
  requireFiniteForSpline,
  requireMetric,
} from '@voxhost/sdk';

/**
 * What the host itself finds wrong with an operation that a backend refused as the caller's fault, or undefined. May
 * read every pixel. Options of a metric are not looked at: only backends know them.
 */
export function operationProblem(operation: Operation): unknown {
  try {
    if (operation.kind === 'resample') requireFiniteForSpline(operation);
    else requireMetric(operation);
    return undefined;
  } catch (error) {
    if (isVoxhostError(error)) return error;
    throw error;
  }
}
