import {
  BOUNDARY_KINDS,
  createImage,
  type Image,
  INTERPOLATORS,
  isVoxhostError,
  type Operation,
  PIXEL_TYPES,
  type Resample,
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

/**
 * Throws for an operation that no backend may be asked: callers in JavaScript have no types, images are plain data, and
 * a plugin is not to be blamed for either. Reads no pixel. Throws `BAD_ARGUMENT`, `BAD_GRID` or `BAD_IMAGE`.
 */
export function requireOperation(operation: Operation): void {
  requireTerms(operation);
  if (operation.kind === 'resample') {
    requireImage('source', operation.source);
    return;
  }
  const { fixed, moving, fixedMask, movingMask } = operation;
  requireImage('fixed', fixed);
  requireImage('moving', moving);
  if (fixedMask !== undefined) requireImage('fixedMask', fixedMask);
  if (movingMask !== undefined) requireImage('movingMask', movingMask);
}

/** The same, of all but the images: what is explained may have none yet. Throws `BAD_ARGUMENT`. */
export function requireTerms(operation: Operation): void {
  const { kind } = operation;
  requireWord('kind', kind, ['resample', 'metric']);
  requireDemand(operation);
  if (kind === 'resample') {
    requireSampling(operation);
    return;
  }
  requireWord('fixedInterpolator', operation.fixedInterpolator, INTERPOLATORS);
  requireWord('movingInterpolator', operation.movingInterpolator, INTERPOLATORS);
}

type Sampling = Pick<Resample, 'interpolator' | 'boundary' | 'pixelType'>;

/** How values come about, in words that there are. Throws `BAD_ARGUMENT`. */
export function requireSampling({ interpolator, boundary, pixelType }: Sampling): void {
  requireWord('interpolator', interpolator, INTERPOLATORS);
  requireWord('boundary.kind', boundary?.kind, BOUNDARY_KINDS);
  requireWord('pixelType', pixelType, PIXEL_TYPES);
  if ('value' in boundary && typeof boundary.value !== 'number')
    throw badArgument('boundary.value', `is ${JSON.stringify(boundary.value)}, no number`);
}

/** An image whose fields fit each other, as `createImage` makes it. Throws `BAD_GRID` or `BAD_IMAGE`. */
export function requireImage(argument: string, image: Image): void {
  if (typeof image?.grid?.size?.length !== 'number') throw badArgument(argument, 'is no image');
  const { grid, data, channels, pixelType } = image;
  const { pixelType: found } = createImage(grid, data, channels);
  if (found === pixelType) return;
  throw new VoxhostError('BAD_IMAGE', {
    field: 'data',
    reason: `is ${found}, where its pixelType is ${pixelType}`,
  });
}

function requireWord(argument: string, word: unknown, words: readonly string[]): void {
  if (words.includes(word as string)) return;
  throw badArgument(argument, `is ${JSON.stringify(word)}, not one of ${words.join(', ')}`);
}

function requireDemand({ demand }: Operation): void {
  const { maps, samples, perRun, runs } = demand ?? {};
  const isWhole = [perRun, runs].every((n) => Number.isFinite(n) && Number(n) >= 0);
  if (Array.isArray(maps) && (samples === 'grid' || samples === 'points') && isWhole) return;
  throw badArgument('demand', 'needs maps, samples ("grid" or "points"), perRun and runs');
}

const badArgument = (argument: string, reason: string): VoxhostError =>
  new VoxhostError('BAD_ARGUMENT', { argument, reason });
