import { type Image, type Metric, type Resample, voxelCount } from '@voxhost/sdk';

/** Every voxel once more, linearly, in float32: what a test changes is what it is about. */
export const linearResample = (source: Image, changes: Partial<Resample> = {}): Resample => ({
  kind: 'resample',
  source,
  interpolator: 'linear',
  boundary: { kind: 'nearest' },
  pixelType: 'float32',
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: voxelCount(source.grid.size), runs: 1 },
  ...changes,
});

/** Two images compared at every fixed voxel, with the derivative. */
export const linearMetric = (
  name: string,
  { fixed, moving }: Pick<Metric, 'fixed' | 'moving'>,
  changes: Partial<Metric> = {},
): Metric => ({
  kind: 'metric',
  name,
  options: {},
  fixed,
  moving,
  fixedInterpolator: 'linear',
  movingInterpolator: 'linear',
  derivative: true,
  demand: { maps: ['affine'], samples: 'grid', perRun: voxelCount(fixed.grid.size), runs: 1 },
  ...changes,
});
