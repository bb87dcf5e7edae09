import {
  BOUNDARY_KINDS,
  type Boundary,
  type Image,
  INTERPOLATORS,
  isVoxhostError,
  MAP_SHAPES,
  type Operation,
  PIXEL_TYPES,
  type Resample,
  requireFiniteForSpline,
  requireGrid,
  requireMetric,
} from '@voxhost/sdk';
import {
  amount,
  count,
  flag,
  having,
  is,
  json,
  listOf,
  number,
  object,
  oneOf,
  type Rule,
  requireArgument,
  text,
} from '@voxhost/sdk/arguments';
import { requireImage } from '../request-rules.js';

/**
 * What the host itself finds wrong with an operation that a backend refused as the caller's fault, or undefined. May
 * read every pixel. Options of a metric are not looked at: only backends know them.
 */
export const operationProblem = (operation: Operation): unknown =>
  found(() => {
    if (operation.kind === 'resample') requireFiniteForSpline(operation);
    else requireMetric(operation);
  });

/** The error of the vocabulary that a check throws, or undefined where it finds nothing. */
export function found(check: () => void): unknown {
  try {
    check();
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
  requireImages(operation);
}

/** Throws `BAD_GRID` or `BAD_IMAGE` for an image that is none, or none any more. Reads no pixel. */
export function requireImages(operation: Operation): void {
  forEachImage(operation, requireImage);
}

function forEachImage(operation: Operation, check: (argument: string, image: Image) => void): void {
  if (operation.kind === 'resample') {
    check('source', operation.source);
    return;
  }
  const { fixed, moving, fixedMask, movingMask } = operation;
  check('fixed', fixed);
  check('moving', moving);
  if (fixedMask !== undefined) check('fixedMask', fixedMask);
  if (movingMask !== undefined) check('movingMask', movingMask);
}

/** The same, of all but the images. Throws `BAD_ARGUMENT`. */
function requireTerms(operation: Operation): void {
  requireArgument('operation', operation, kinded);
  requireArgument('operation', operation, TERMS[operation.kind]);
}

const kinded = having({ kind: oneOf('resample', 'metric') });

/** What there is of an image whose pixels are not made yet. */
const outlined = having({
  pixelType: oneOf(...PIXEL_TYPES),
  channels: count,
  grid: object,
  // A proxy may stand for them, which has no fields of its own.
  data: is(
    'pixels',
    (v) => amount((v as { byteLength?: unknown } | null)?.byteLength) === undefined,
  ),
});

/** Throws for an operation that cannot be explained; of its images, pixels are not looked at. */
export function requireOutline(operation: Operation): void {
  requireTerms(operation);
  forEachImage(operation, (argument, image) => {
    requireArgument(argument, image, outlined);
    requireGrid(image.grid);
  });
}

const interpolator = oneOf(...INTERPOLATORS);

const bounded = having({ kind: oneOf(...BOUNDARY_KINDS) });
const filled = having({ value: number });

const boundary: Rule = (value) => {
  const named = bounded(value);
  if (named !== undefined) return named;
  const { kind } = value as Boundary;
  const isFilled = kind === 'constant' || kind === 'grid-constant' || kind === 'buffer';
  return isFilled ? filled(value) : undefined;
};

const demanded = having({
  maps: listOf(oneOf(...MAP_SHAPES)),
  samples: oneOf('grid', 'points'),
  perRun: amount,
  runs: amount,
});

const demand: Rule = (value) =>
  demanded(value) && {
    at: '',
    reason: 'needs maps, samples ("grid" or "points"), perRun and runs',
  };

const SAMPLING = { interpolator, boundary, pixelType: oneOf(...PIXEL_TYPES) };

/** Of all fields but the images. */
const TERMS = {
  resample: having({ ...SAMPLING, gradient: flag, demand }),
  metric: having({
    name: text,
    options: json,
    fixedInterpolator: interpolator,
    movingInterpolator: interpolator,
    derivative: flag,
    demand,
  }),
};

type Sampling = Pick<Resample, 'interpolator' | 'boundary' | 'pixelType'>;

const sampling = having(SAMPLING);

/** How values come about, in words that there are. Throws `BAD_ARGUMENT`. */
export function requireSampling(asked: Sampling): void {
  requireArgument('request', asked, sampling);
}
