import {
  type Boundary,
  type BoundaryKind,
  INTERPOLATORS,
  type Interpolator,
  splineOrder,
} from '@voxhost/sdk';
import {
  FOLD_CLAMP,
  FOLD_FILL,
  FOLD_MIRROR,
  FOLD_PERIODIC,
  FOLD_REFLECT,
  LIMIT_CELLS,
  LIMIT_NONE,
  LIMIT_SAMPLES,
} from './job-layout.js';

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
    interpolator: INTERPOLATORS.indexOf(interpolator), // job-layout.ts has the same order
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
      return FOLD_CLAMP;
    case 'buffer':
      return isSpline ? FOLD_MIRROR : FOLD_CLAMP;
    case 'constant':
    case 'wrap':
    case 'mirror':
      return FOLD_MIRROR;
    case 'reflect':
      return FOLD_REFLECT;
    case 'grid-wrap':
      return FOLD_PERIODIC;
    case 'grid-constant':
      return FOLD_FILL;
    default:
      return kind satisfies never;
  }
}

function limitOf(kind: BoundaryKind): number {
  if (kind === 'constant') return LIMIT_SAMPLES;
  return kind === 'buffer' ? LIMIT_CELLS : LIMIT_NONE;
}
