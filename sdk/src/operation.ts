import type { Boundary } from './boundary.js';
import type { Image } from './image.js';
import type { MapShape } from './index-map.js';
import type { Interpolator } from './interpolator.js';
import type { Json } from './json.js';
import type { PixelType } from './pixel-type.js';

/** All that a Prepared will be asked: known when it is prepared, so that routing and admission can judge it. */
export interface Demand {
  /** Of all maps that it will be run with. */
  readonly maps: readonly MapShape[];
  readonly samples: 'grid' | 'points';
  /** Output voxels or points of one run, an estimate. */
  readonly perRun: number;
  /** How often it will be run, an estimate. */
  readonly runs: number;
}

/** Values of one image at mapped positions. */
export interface Resample {
  readonly kind: 'resample';
  readonly source: Image;
  readonly interpolator: Interpolator;
  readonly boundary: Boundary;
  /** Of the output. Integer types round half to even and saturate; NaN becomes 0. */
  readonly pixelType: PixelType;
  /** Also the interpolant's derivative along each input index axis. */
  readonly gradient: boolean;
  readonly demand: Demand;
}

/** How alike two images are under a map from fixed index to moving index. */
export interface Metric {
  readonly kind: 'metric';
  /** As a capability names it: `mean-squares`. */
  readonly name: string;
  /** An object of the metric's own options; empty for its defaults. */
  readonly options: Json;
  readonly fixed: Image;
  readonly moving: Image;
  /** Same size as the fixed image; non-zero is inside; looked up at the nearest voxel. */
  readonly fixedMask?: Image;
  /** Same size as the moving image; non-zero is inside; looked up at the nearest voxel. */
  readonly movingMask?: Image;
  /** Only for points off the fixed grid. */
  readonly fixedInterpolator: Interpolator;
  readonly movingInterpolator: Interpolator;
  /** May runs ask for the derivative? */
  readonly derivative: boolean;
  readonly demand: Demand;
}

/** What a backend prepares once. An operation is data: a new one adds a member here and no method to Backend. */
export type Operation = Resample | Metric;
