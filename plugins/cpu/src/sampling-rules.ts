import {
  type Boundary,
  type BoundaryKind,
  type Extension,
  extensionOf,
  type Interpolator,
  splineOrder,
} from '@voxhost/sdk';
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

/** How samples go on, in the kernels' words. */
export const FOLD: { readonly [E in Extension]: number } = {
  fill: layout.FOLD_FILL,
  clamp: layout.FOLD_CLAMP,
  reflect: layout.FOLD_REFLECT,
  mirror: layout.FOLD_MIRROR,
  periodic: layout.FOLD_PERIODIC,
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
    fold: FOLD[extensionOf(boundary.kind, splineOrder(interpolator) !== undefined)],
    limit: limitOf(boundary.kind),
    wrap: boundary.kind === 'wrap' ? 1 : 0,
    fill: hasValue ? boundary.value : Number.NaN,
    flat: hasValue ? 0 : Number.NaN,
  };
}

function limitOf(kind: BoundaryKind): number {
  if (kind === 'constant') return layout.LIMIT_SAMPLES;
  return kind === 'buffer' ? layout.LIMIT_CELLS : layout.LIMIT_NONE;
}
