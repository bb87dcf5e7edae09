import {
  isVoxhostError,
  type Operation,
  requireFiniteForSpline,
  requireMetric,
  VoxhostError,
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

/** Throws `BAD_ARGUMENT` for an operation that does not say what it will be asked: callers in JavaScript have no types. */
export function requireDemand({ demand }: Operation): void {
  const { maps, samples, perRun, runs } = demand ?? {};
  const isWhole = [perRun, runs].every((n) => Number.isFinite(n) && Number(n) >= 0);
  if (Array.isArray(maps) && (samples === 'grid' || samples === 'points') && isWhole) return;
  const reason = 'needs maps, samples ("grid" or "points"), perRun and runs';
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'demand', reason });
}
