import {
  type AffineMap,
  affineMap,
  createGrid,
  createImage,
  type Image,
  type Json,
  type Metric,
} from '@voxhost/sdk';
import type { MetricTrial } from './trial.js';

/** Two chunks along x and y, all of them filled in part; along z as many as a trial wants. */
const sizesOf = (depth: number) => ({ fixed: [35, 9, depth], moving: [33, 11, depth - 4] });

export type PairTrial = MetricTrial & { readonly map: AffineMap };

/** Noise of every pixel type that float32 holds; now and then no number, in floats. */
function noise(
  size: readonly number[],
  make: (values: readonly number[]) => Image['data'],
  salt: number,
): Image {
  const count = size.reduce((n, each) => n * each, 1);
  const values = Array.from({ length: count }, (_, i) => {
    const value = (Math.imul(i + salt, 2654435761) >>> 8) % 128;
    return i % 97 === 96 ? Number.NaN : value;
  });
  return createImage(createGrid({ size }), make(values));
}

const floats = (values: readonly number[]) => Float32Array.from(values);
const shorts = (values: readonly number[]) => Int16Array.from(values);
const bytes = (values: readonly number[]) => Uint8Array.from(values);

/** Within the moving image, off it, and near whole voxels; then where columns run along z and meet every sample. */
const MAPS = [
  affineMap([0.97, 0.11, -0.02, 0.3, -0.06, 0.91, 0.01, 1.2, 0.02, -0.05, 0.96, 0.4]),
  affineMap([1, 0, 0, 2, 0, 1, 0, -1, 0, 0, 1, 0]),
];

/** Metrics that are measured in one pass: with and without slopes, masks, and images of their own types. */
export function pairTrials(metrics: readonly string[], depth = 70): readonly PairTrial[] {
  const size = sizesOf(depth);
  const choices = metrics.flatMap((name) =>
    [true, false].map((derivative) => ({ name, derivative })),
  );
  return choices.flatMap(({ name, derivative }, n) =>
    MAPS.map((map, which) => {
      const isFloat = (n + which) % 2 === 0;
      const operation: Metric = {
        kind: 'metric',
        name,
        options: {},
        fixed: noise(size.fixed, isFloat ? floats : shorts, 3),
        moving: noise(size.moving, isFloat ? floats : bytes, 5),
        ...(isFloat
          ? {}
          : { fixedMask: noise(size.fixed, bytes, 7), movingMask: noise(size.moving, bytes, 9) }),
        fixedInterpolator: 'linear',
        movingInterpolator: 'linear',
        derivative,
        demand: { maps: ['affine'], samples: 'grid', perRun: 35 * 9 * depth, runs: 1 },
      };
      const what = `${isFloat ? 'plain' : 'masked'}, map ${which}`;
      return { name: `${name} in a pass, ${what}`, operation, map, run: { derivative } };
    }),
  );
}

/** Two tiles of windows along each axis, the second filled in part. */
export const WINDOW_SIZE = [30, 14, 18];

/** Local correlation that is made in tiles: with slopes, masks and types as above. */
export function windowTrials(
  radii: readonly Json[],
  size: readonly number[] = WINDOW_SIZE,
): readonly PairTrial[] {
  return radii.flatMap((radius) =>
    [true, false].map((isFloat) => {
      const [map] = MAPS;
      const operation: Metric = {
        kind: 'metric',
        name: 'local-normalized-correlation',
        options: { radius },
        fixed: noise(size, isFloat ? floats : shorts, 3),
        moving: noise(size, isFloat ? floats : bytes, 5),
        ...(isFloat ? {} : { fixedMask: noise(size, bytes, 7), movingMask: noise(size, bytes, 9) }),
        fixedInterpolator: 'linear',
        movingInterpolator: 'linear',
        derivative: true,
        demand: { maps: ['affine'], samples: 'grid', perRun: 1, runs: 1 },
      };
      const name = `radius ${JSON.stringify(radius)}, ${isFloat ? 'plain' : 'masked'}`;
      return { name, operation, map, run: { derivative: true } };
    }),
  );
}
