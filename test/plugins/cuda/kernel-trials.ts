import {
  BOUNDARY_KINDS,
  type Boundary,
  createGrid,
  createImage,
  type Image,
  INTERPOLATORS,
  type Interpolator,
  MAP_SHAPES,
  type MapShape,
  type Metric,
  PIXEL_TYPES,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { trialMaps } from '#sdk/testing/trial-maps.js';
import { pairTrials, windowTrials } from './pair-trials.js';
import type { MetricTrial, ResampleTrial } from './trial.js';

/** The same choices in every run. */
const SEED = 10;
/** More than a warp along x, and blocks that are filled in part. */
const OUTPUT = [35, 5, 6];
const SOURCE = [9, 7, 6];

const count = (size: readonly number[]): number => size.reduce((n, each) => n * each, 1);
const isReal = (type: PixelType): boolean => type === 'float32' || type === 'float64';

interface Content {
  readonly channels?: number;
  readonly salt?: number;
  /** Now and then no number, in floats. */
  readonly isBroken?: boolean;
}

/** Noise over the whole range of bytes. */
function imageOf(size: readonly number[], pixelType: PixelType, content: Content = {}): Image {
  const { channels = 1, salt = 0, isBroken = false } = content;
  const random = Array.from({ length: channels * count(size) }, (_, i) => {
    const value = ((Math.imul(i + salt + 1, 2654435761) >>> 8) % 2560) / 10;
    return isBroken && isReal(pixelType) && i % 97 === 96 ? Number.NaN : value;
  });
  return createImage(createGrid({ size }), ARRAYS[pixelType].from(random), channels);
}

/** A prefilter would spread what is no number, and refuses it. */
const hasPrefilter = (interpolator: Interpolator): boolean => /^bspline\d$/.test(interpolator);

const ARRAYS = {
  ...{ uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array },
  ...{ uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float64: Float64Array },
};

const boundaryOf = (kind: Boundary['kind']): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
    ? { kind, value: -5.25 }
    : { kind };

const choices = fc.record({
  boundary: fc.constantFrom(...BOUNDARY_KINDS),
  pixelType: fc.constantFrom(...PIXEL_TYPES),
  output: fc.constantFrom(...PIXEL_TYPES),
  gradient: fc.boolean(),
  channels: fc.constantFrom(1, 1, 2),
  list: fc.boolean(),
  map: fc.nat(20),
});

type Case = Pick<Resample, 'interpolator'> & {
  readonly shape: MapShape;
  readonly dims: number;
  /** With both, no gradient and no list. */
  readonly pixelType?: PixelType;
  readonly output?: PixelType;
};

const SHAPES = MAP_SHAPES.flatMap((shape) => [2, 3].map((dims) => ({ shape, dims })));

/** Kernels of a tap or two have a branch or a kernel per pixel type: those of others are once for all. */
const COMPACT: readonly Interpolator[] = ['nearest', 'nearest-even', 'linear', 'label-linear'];
const SHORT = ['affine', 'field-1'] as const;
const BY_TYPE: readonly Case[] = COMPACT.flatMap((interpolator) =>
  PIXEL_TYPES.flatMap((pixelType) =>
    SHORT.flatMap((shape) =>
      // the output of images is most often of their own type, and of features float32
      [pixelType, 'float32' as const].map((output) => ({
        ...{ interpolator, shape, dims: 3, pixelType, output },
      })),
    ),
  ),
);

/** Every interpolator by every shape of map, in pictures and volumes, the rest by chance. */
export function resampleTrials(): readonly ResampleTrial[] {
  const cases: readonly Case[] = [
    ...BY_TYPE,
    ...INTERPOLATORS.flatMap((interpolator) => SHAPES.map((s) => ({ ...s, interpolator }))),
  ];
  const chosen = fc.sample(choices, { seed: SEED, numRuns: cases.length });
  return cases.map(({ shape, dims, interpolator, ...fixed }, n) => {
    const free = chosen[n];
    const { boundary, channels, map: which } = free;
    const isFree = fixed.pixelType === undefined;
    const [gradient, list] = [isFree && free.gradient, isFree && free.list];
    const pixelType = fixed.pixelType ?? free.pixelType;
    const wanted = fixed.output ?? free.output;
    // its weights are of another sine here: whole numbers might round to others
    const output = interpolator === 'lanczos3' && !isReal(wanted) ? 'float32' : wanted;
    const size = OUTPUT.slice(0, dims);
    const points = Float64Array.from({ length: 300 * dims }, (_, i) => ((i * 37) % 121) / 10 - 2);
    const samples = list ? { points } : { size, start: [2, -1, 3].slice(0, dims) };
    const maps = trialMaps(shape, samples, dims);
    const [mapName, map] = maps[which % maps.length];
    const operation: Resample = {
      kind: 'resample',
      source: imageOf(SOURCE.slice(0, dims), pixelType, {
        channels,
        isBroken: !hasPrefilter(interpolator),
      }),
      interpolator,
      boundary: boundaryOf(boundary),
      pixelType: output,
      gradient,
      demand: { maps: [shape], samples: list ? 'points' : 'grid', perRun: count(size), runs: 1 },
    };
    const name = `${interpolator} ${dims}-D of ${pixelType} to ${output}, ${boundary}, ${mapName}`;
    return { name, operation, map, samples };
  });
}

const METRICS = [
  'mean-squares',
  'normalized-correlation',
  'mattes-mutual-information',
  'local-normalized-correlation',
];

/** Every metric by every shape of map that it takes, with and without masks, on the grid and at points. */
export function metricTrials(): readonly MetricTrial[] {
  const cases = METRICS.flatMap((metric) =>
    MAP_SHAPES.flatMap((shape) => [2, 3].map((dims) => ({ metric, shape, dims }))),
  );
  const trials = cases.flatMap(({ metric, shape, dims }, n) => {
    const size = SOURCE.slice(0, dims);
    const isLocal = metric === 'local-normalized-correlation';
    const list = n % 3 === 2 && !(isLocal && shape === 'points');
    const points = Float64Array.from({ length: 90 * dims }, (_, i) => ((i * 31) % 57) / 10);
    const samples = list ? { points } : { size };
    const [mapName, map] = trialMaps(shape, samples, dims)[0];
    const derivative = shape !== 'sequence';
    const images = {
      fixed: imageOf(size, 'int16', { salt: 5 }),
      moving: imageOf(size, 'float32', { salt: 9, isBroken: n % 2 === 0 }),
    };
    const masks = n % 2 === 0 ? {} : { fixedMask: imageOf(size, 'uint8', { salt: 2 }) };
    const operation: Metric = {
      kind: 'metric',
      name: metric,
      options: isLocal ? { radius: 1 } : {},
      ...images,
      ...masks,
      fixedInterpolator: 'linear',
      movingInterpolator: n % 2 === 0 ? 'linear' : 'bspline3',
      derivative,
      demand: { maps: [shape], samples: list ? 'points' : 'grid', perRun: count(size), runs: 1 },
    };
    const run = { derivative, ...(list && { points }) };
    return { name: `${metric} ${dims}-D, ${mapName}`, operation, map, run };
  });
  const pairs = pairTrials(METRICS.slice(0, 3)).filter((_, n) => n % 2 === 0);
  return [...trials, ...pairs, ...windowTrials([2, [1, 2, 3]], [30, 7, 6])];
}
