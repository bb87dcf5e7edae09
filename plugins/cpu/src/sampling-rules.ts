import { type Boundary, type BoundaryKind, type Interpolator, splineOrder } from '@voxhost/sdk';
import * as layout from './job-layout.js';

/** A raw B-spline weighs the samples themselves, with the weights of the other. */
const KERNELS: { readonly [I in Interpolator]: number } = {
  nearest: layout.NEAREST,
  'nearest-even': layout.NEAREST_EVEN,
  linear: layout.LINEAR,
  bspline2: layout.BSPLINE2,
  bspline3: layout.BSPLINE3,
  bspline4: layout.BSPLINE4,
  bspline5: layout.BSPLINE5,
  'bspline2-raw': layout.BSPLINE2,
  'bspline3-raw': layout.BSPLINE3,
  'bspline4-raw': layout.BSPLINE4,
  'bspline5-raw': layout.BSPLINE5,
  'keys-0.5': layout.KEYS_HALF,
  'keys-0.75': layout.KEYS_THREE_QUARTERS,
  lanczos3: layout.LANCZOS3,
  'label-linear': layout.LABEL_LINEAR,
};

/** A boundary in the kernels' words. */
export interface SamplingRules {
  readonly interpolator: number;
  readonly fold: number;
  readonly limit: number;
  readonly wrap: 0 | 1;
  /** Value, and derivative, of what is outside or has no finite position. */
  readonly fill: number;
  readonly flat: number;
}

export function samplingRules(interpolator: Interpolator, boundary: Boundary): SamplingRules {
  const hasValue = 'value' in boundary;
  return {
    interpolator: KERNELS[interpolator],
    fold: foldOf(boundary.kind, splineOrder(interpolator) !== undefined),
    limit: limitOf(boundary.kind),
    wrap: boundary.kind === 'wrap' ? 1 : 0,
    fill: hasValue ? boundary.value : Number.NaN,
    flat: hasValue ? 0 : Number.NaN,
  };
}

/**
 * What taps beyond the samples read. `constant` and `wrap` have brought the position within, so that only wide
 * kernels reach beyond, where SciPy mirrors; `buffer` is ITK's: the edge, but mirrored for B-splines.
 */
export function foldOf(kind: BoundaryKind, isSpline: boolean): number {
  switch (kind) {
    case 'nearest':
      return layout.FOLD_CLAMP;
    case 'buffer':
      return isSpline ? layout.FOLD_MIRROR : layout.FOLD_CLAMP;
    case 'constant':
    case 'wrap':
    case 'mirror':
      return layout.FOLD_MIRROR;
    case 'reflect':
      return layout.FOLD_REFLECT;
    case 'grid-wrap':
      return layout.FOLD_PERIODIC;
    case 'grid-constant':
      return layout.FOLD_FILL;
    default:
      return kind satisfies never;
  }
}

function limitOf(kind: BoundaryKind): number {
  if (kind === 'constant') return layout.LIMIT_SAMPLES;
  return kind === 'buffer' ? layout.LIMIT_CELLS : layout.LIMIT_NONE;
}
