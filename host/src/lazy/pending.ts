import type { Boundary, ContinuousMap, Interpolator, PixelType } from '@voxhost/sdk';
import type { ModeName } from './modes.js';
import type { Noise } from './noise.js';
import type { PadFill } from './pad-image.js';
import type { Viewport } from './viewport.js';

/** How an operation wants its values, as it was declared. */
export interface DeclaredSampling {
  /** As it was written, since it decides how an overriding padding is read. */
  readonly mode: ModeName;
  /** `area` averages: an operation of the host. */
  readonly method: Interpolator | 'area';
  readonly boundary: Boundary;
  /** Of the result; absent: as it comes. */
  readonly pixelType?: PixelType;
}

/** Moves where samples are taken. */
export interface SpatialPending {
  readonly kind: 'spatial';
  /** Output index to input index. */
  readonly map: ContinuousMap;
  /** Absent: it never interpolates by itself, and joins whatever stands beside it. */
  readonly sampling?: DeclaredSampling;
  /** Where the declared sampling looks if not at `map`: torch's floor-nearest and corner-aligned resizes. */
  readonly samples?: ContinuousMap;
  /** What stepwise inversion fills in where this operation cut; default zeros. */
  readonly inverseFill?: Boundary;
  readonly after: Viewport;
}

/** Adds voxels with a fill of its own. */
export interface PadPending {
  readonly kind: 'pad';
  /** Voxels added before the first and behind the last of each axis. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
  readonly fill: PadFill;
  readonly after: Viewport;
}

/** Adds noise in the space where it stands; carried through the later maps. */
export interface NoisePending {
  readonly kind: 'noise';
  readonly noise: Noise;
  readonly after: Viewport;
}

/** value -> scale · value + shift, which commutes with every linear interpolation. */
export interface IntensityPending {
  readonly kind: 'intensity';
  readonly scale: number;
  readonly shift: number;
  readonly pixelType?: PixelType;
  readonly after: Viewport;
}

/** Values changed one by one in a way that does not commute: flushes. */
export interface PointwisePending {
  readonly kind: 'pointwise';
  readonly name: string;
  /** Writes the result over its own copy of the values. */
  readonly apply: (values: Float64Array) => void;
  /** What it is given at once. Default the image. */
  readonly each?: 'channel' | 'image';
  readonly pixelType?: PixelType;
  readonly after: Viewport;
}

/** What a definition leaves for later. `after` is the viewport once it is applied. */
export type PendingOperation =
  | SpatialPending
  | PadPending
  | NoisePending
  | IntensityPending
  | PointwisePending;
