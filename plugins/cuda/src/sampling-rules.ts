import {
  type Boundary,
  type BoundaryKind,
  extensionOf,
  type Interpolator,
  splineOrder,
} from '@voxhost/sdk';
import { FOLD, INTERPOLATOR, LIMIT } from './parameters.js';

/** How the kernels sample with an interpolator. */
export interface KernelRule {
  /** Taps per axis; `label` votes. */
  readonly taps: 1 | 2 | 3 | 4 | 5 | 6 | 'label';
  readonly interpolator: number;
}

const { nearest, nearestEven, linear, bspline, keysHalf, keysThreeQuarters, lanczos3 } =
  INTERPOLATOR;

/** A raw B-spline weighs the samples themselves, with the weights of the other. */
export const KERNEL_RULES: { readonly [I in Interpolator]: KernelRule } = {
  nearest: { taps: 1, interpolator: nearest },
  'nearest-even': { taps: 1, interpolator: nearestEven },
  linear: { taps: 2, interpolator: linear },
  bspline2: { taps: 3, interpolator: bspline },
  bspline3: { taps: 4, interpolator: bspline },
  bspline4: { taps: 5, interpolator: bspline },
  bspline5: { taps: 6, interpolator: bspline },
  'bspline2-raw': { taps: 3, interpolator: bspline },
  'bspline3-raw': { taps: 4, interpolator: bspline },
  'bspline4-raw': { taps: 5, interpolator: bspline },
  'bspline5-raw': { taps: 6, interpolator: bspline },
  'keys-0.5': { taps: 4, interpolator: keysHalf },
  'keys-0.75': { taps: 4, interpolator: keysThreeQuarters },
  lanczos3: { taps: 6, interpolator: lanczos3 },
  'label-linear': { taps: 'label', interpolator: linear },
};

/** Values of the kernels' Rules. */
export interface SamplingRules {
  readonly fill: number;
  readonly flat: number;
  readonly interpolator: number;
  readonly fold: number;
  readonly limit: number;
  readonly wraps: 0 | 1;
}

export function samplingRules(interpolator: Interpolator, boundary: Boundary): SamplingRules {
  const hasValue = 'value' in boundary;
  return {
    fill: hasValue ? boundary.value : Number.NaN,
    flat: hasValue ? 0 : Number.NaN,
    interpolator: KERNEL_RULES[interpolator].interpolator,
    fold: FOLD[extensionOf(boundary.kind, splineOrder(interpolator) !== undefined)],
    limit: limitOf(boundary.kind),
    wraps: boundary.kind === 'wrap' ? 1 : 0,
  };
}

function limitOf(kind: BoundaryKind): number {
  if (kind === 'constant') return LIMIT.samples;
  return kind === 'buffer' ? LIMIT.cells : LIMIT.none;
}
