import { type AffineMap, affineMap, type PixelType, VoxhostError } from '@voxhost/sdk';
import { pixelTypeOfDtype } from '../lazy/dtype.js';
import {
  type AlignCorners,
  boundaryOfPadding,
  interpolatorOfMode,
  legacyStretch,
  type ModeName,
} from '../lazy/modes.js';
import type { DeclaredSampling, PendingOperation, SpatialPending } from '../lazy/pending.js';
import type { DefinedTransform, Params } from '../lazy/transform.js';
import { moved, sizeOf, type Viewport } from '../lazy/viewport.js';

/** What every resampling transform takes, by MONAI's names. */
export type SamplingParams = {
  /** torch's name, a spline order, or one of our interpolators. */
  readonly mode?: ModeName;
  /** torch's or SciPy's name. */
  readonly padding_mode?: string;
  /** Selects the kind of reflection; never moves a sample, but for `monai-legacy`. Default false. */
  readonly align_corners?: AlignCorners;
  /** Pixel type of the result; default as it comes. */
  readonly dtype?: string | null;
};

/** A transform that is known from the viewport alone. */
export function defined<P extends Params>(
  name: string,
  params: P,
  define: (viewport: Viewport) => readonly PendingOperation[],
): DefinedTransform {
  return Object.freeze({ kind: 'defined', name, params, define });
}

/** Declares how values come about, defaults filled in. */
export function declare(
  params: SamplingParams,
  defaults: { readonly mode: ModeName; readonly padding: string },
): DeclaredSampling {
  const mode = params.mode ?? defaults.mode;
  const padding = params.padding_mode ?? defaults.padding;
  return {
    mode,
    method: interpolatorOfMode(mode),
    boundary: boundaryOfPadding(padding, mode, { alignCorners: params.align_corners ?? false }),
    ...pixelTypeField(params.dtype),
  };
}

export function pixelTypeField(dtype: string | null | undefined): { pixelType?: PixelType } {
  return dtype === undefined || dtype === null ? {} : { pixelType: pixelTypeOfDtype(dtype) };
}

/** A move of the samples by a matrix; the frame follows. */
export function spatial(
  viewport: Viewport,
  map: AffineMap,
  extent: readonly number[],
  sampling?: DeclaredSampling,
): SpatialPending {
  const after = moved(viewport, map, extent);
  return { kind: 'spatial', map, after, ...(sampling && { sampling }) };
}

/** The same, sampled where MONAI up to 1.5 sampled for align_corners=True. */
export function legacy(operation: SpatialPending, before: Viewport): SpatialPending {
  if (operation.map.kind !== 'affine') return operation;
  const sizes = [sizeOf(before), sizeOf(operation.after)] as const;
  return { ...operation, samples: affineMap(legacyStretch(operation.map.matrix, ...sizes)) };
}

/** A resampling by a matrix, with the modes of its parameters. */
export function resampled(
  viewport: Viewport,
  move: { readonly map: AffineMap; readonly extent: readonly number[] },
  params: SamplingParams,
  defaults: { readonly mode: ModeName; readonly padding: string },
): SpatialPending {
  const operation = spatial(viewport, move.map, move.extent, declare(params, defaults));
  return params.align_corners === 'monai-legacy' ? legacy(operation, viewport) : operation;
}

export const bad = (argument: string, reason: string): VoxhostError =>
  new VoxhostError('BAD_ARGUMENT', { argument, reason });

/** A number for all axes or one per axis, the last repeated. */
export function perAxis(value: number | readonly number[], dims: number): readonly number[] {
  if (typeof value === 'number') return Array<number>(dims).fill(value);
  if (value.length === 0) throw bad('parameter', 'is an empty list');
  return Array.from({ length: dims }, (_, a) => value[a] ?? value[value.length - 1]);
}

/** The same, entries that are not positive standing for the present size. */
export function sizesOr(
  value: number | readonly number[],
  present: readonly number[],
): readonly number[] {
  return perAxis(value, present.length).map((v, a) => (v > 0 ? v : present[a]));
}

/** Whole numbers from Python's: an axis may count from the end. Throws `BAD_ARGUMENT`. */
export function axisOf(axis: number, dims: number): number {
  const found = axis < 0 ? axis + dims : axis;
  if (Number.isInteger(found) && found >= 0 && found < dims) return found;
  throw bad('spatial_axis', `${axis} is no axis of ${dims}`);
}
