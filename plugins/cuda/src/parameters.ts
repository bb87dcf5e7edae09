import { defineStruct } from './c-layout.js';

// The structs of kernels/parameters.h, field by field in its order; what each means is said there.

export const SOURCE = defineStruct({
  address: 'uint64',
  channelStride: 'int64',
  rowStride: 'int64',
  sliceStride: 'int64',
  size: ['int32', 3],
  margin: 'int32',
  pixel: 'int32',
  channels: 'int32',
  dims: 'int32',
});

export const RULES = defineStruct({
  fill: 'double',
  flat: 'double',
  interpolator: 'int32',
  fold: 'int32',
  limit: 'int32',
  wraps: 'int32',
  gradient: 'int32',
});

export const AFFINE_MAP = defineStruct({ matrix: ['double', 12] });

export const STEP = defineStruct({
  matrix: ['double', 12],
  vectors: ['double', 9],
  lookup: ['double', 12],
  lattice: 'uint64',
  planeStride: 'int64',
  rowStride: 'int64',
  sliceStride: 'int64',
  kind: 'int32',
  order: 'int32',
  outside: 'int32',
  wide: 'int32',
  size: ['int32', 3],
});

export const STEPS_MAP = defineStruct({ steps: 'uint64', points: 'uint64', count: 'int32' });

export const OUTPUT = defineStruct({
  address: 'uint64',
  start: ['double', 3],
  planeStride: 'int64',
  rowStride: 'int64',
  sliceStride: 'int64',
  size: ['int32', 3],
  pixel: 'int32',
});

export const LINES = defineStruct({
  address: 'uint64',
  stride: 'int64',
  innerStride: 'int64',
  outerStride: 'int64',
  length: 'int32',
  inner: 'int32',
  outer: 'int32',
  order: 'int32',
  fold: 'int32',
});

export const PLANES = defineStruct({
  fixed: 'uint64',
  moving: 'uint64',
  fixedMask: 'uint64',
  movingMask: 'uint64',
  valid: 'uint64',
  count: 'int64',
  stride: 'int64',
  first: 'int64',
  channels: 'int32',
  dims: 'int32',
  gradient: 'int32',
});

export const CHANNEL = defineStruct({
  fixedMean: 'double',
  movingMean: 'double',
  fixedFactor: 'double',
  movingFactor: 'double',
  channel: 'int32',
});

export const SUMS = defineStruct({ address: 'uint64', samples: 'int64' });

export const SCATTER = defineStruct({ address: 'uint64', scale: 'double', count: 'int64' });

export const BINS = defineStruct({
  table: 'uint64',
  fixedMin: 'double',
  fixedMax: 'double',
  fixedWidth: 'double',
  movingMin: 'double',
  movingMax: 'double',
  movingWidth: 'double',
  scale: 'double',
  bins: 'int32',
  channel: 'int32',
  firstCell: 'int32',
  cells: 'int32',
});

export const WINDOWS = defineStruct({
  slopes: 'uint64',
  factor: 'double',
  stride: 'int32',
  channel: 'int32',
});

export const BOXES = defineStruct({
  here: 'uint64',
  there: 'uint64',
  count: 'int64',
  before: 'int64',
  fixedShift: 'double',
  movingShift: 'double',
  factor: 'double',
  size: ['int32', 3],
  radius: ['int32', 3],
  channel: 'int32',
});

export const ALONG = defineStruct({ axis: 'int32', planes: 'int32' });

export const CHUNKS = defineStruct({
  rows: 'uint64',
  fixedShift: 'double',
  movingShift: 'double',
  size: ['int32', 3],
  start: ['int32', 3],
});

export const ROWS = defineStruct({
  from: 'uint64',
  to: 'uint64',
  count: 'int64',
  columns: 'int32',
  group: 'int32',
});

/** An index box is its three lows, then its three highs. */
export const PAIR_WINDOWS = defineStruct({
  rows: 'uint64',
  values: 'uint64',
  a: 'uint64',
  b: 'uint64',
  c: 'uint64',
  fixedScale: 'double',
  fixedOffset: 'double',
  movingScale: 'double',
  movingOffset: 'double',
  fixedShift: 'float',
  radius: ['int32', 3],
  tiles: ['int32', 3],
  start: ['int32', 3],
  own: ['int32', 6],
  there: ['int32', 6],
  judged: ['int32', 6],
});

/** The enumerations of kernels/parameters.h. */
export const INTERPOLATOR = {
  nearest: 0,
  nearestEven: 1,
  linear: 2,
  bspline: 3,
  keysHalf: 4,
  keysThreeQuarters: 5,
  lanczos3: 6,
} as const;
export const FOLD = { fill: 0, clamp: 1, reflect: 2, mirror: 3, periodic: 4 } as const;
export const LIMIT = { none: 0, samples: 1, cells: 2 } as const;
export const OUTSIDE = { zero: 0, buffer: 1, edge: 2 } as const;
export const STEP_KIND = { affine: 0, field: 1 } as const;
