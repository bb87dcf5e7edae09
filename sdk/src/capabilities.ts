import type { BoundaryKind } from './boundary.js';
import type { MapShape } from './index-map.js';
import type { Interpolator } from './interpolator.js';
import type { PixelType } from './pixel-type.js';

/** `"*"` is every value, and must be written: an axis that is missing is not supported. */
export type Axis<T> = readonly T[] | '*';

/** Predicted cost; a prior only, until calibrated on this machine. */
export interface Cost {
  /** Milliseconds from nothing to ready to prepare. */
  readonly startMs: number;
  /** Nanoseconds per source voxel and channel to prepare. */
  readonly prepareNsPerVoxel: number;
  /** Milliseconds that every run costs, whatever its size. */
  readonly runMs: number;
  /** Nanoseconds per output sample and channel. */
  readonly nsPerSample: number;
  /** Bytes moved to and from the backend, in 1e9 bytes per second. */
  readonly copyGBs: number;
}

/** How closely results follow the reference. */
export interface Numerics {
  readonly class: 'exact' | 'tolerance';
  /** Relative to the largest absolute value of source and fill; of a metric, to its value, at least 1. */
  readonly maxRel?: number;
  /** In units of the values; what is stated adds up. */
  readonly maxAbs?: number;
  /** Units in the last place of a float32 of that largest value. */
  readonly maxUlp?: number;
  /** Same call, same bits. */
  readonly deterministic: boolean;
  /** What results are compared with, and its version: `reference@1`. */
  readonly reference: string;
}

/** A cartesian product of resample calls that a backend can do. */
export interface ResampleCapability {
  readonly op: 'resample';
  /** Of 2 and 3. */
  readonly dims: readonly number[];
  readonly pixelTypes: Axis<PixelType>;
  /** Output pixel types; `same` is the source's. */
  readonly output: Axis<PixelType | 'same'>;
  readonly interpolators: Axis<Interpolator>;
  readonly boundaries: Axis<BoundaryKind>;
  readonly maps: Axis<MapShape>;
  readonly samples: Axis<'grid' | 'points'>;
  readonly gradient: boolean;
  /** Of the source, channels not counted; absent: any number. */
  readonly maxVoxels?: number;
  readonly cost: Cost;
  readonly numerics: Numerics;
}

/** A cartesian product of metric calls that a backend can do. */
export interface MetricCapability {
  readonly op: 'metric';
  /** As calls name it: `mean-squares`. */
  readonly name: string;
  /** Of 2 and 3. */
  readonly dims: readonly number[];
  /** Of either image. */
  readonly pixelTypes: Axis<PixelType>;
  readonly maps: Axis<MapShape>;
  readonly samples: Axis<'grid' | 'points'>;
  readonly derivative: boolean;
  /** Of the larger image, channels not counted; absent: any number. */
  readonly maxVoxels?: number;
  readonly cost: Cost;
  readonly numerics: Numerics;
}

/** Capabilities are the union of blocks. */
export type CapabilityBlock = ResampleCapability | MetricCapability;
