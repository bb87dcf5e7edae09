import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { defined, perAxis } from './define.js';
import { type PadParams, padTo } from './spatial-pad.js';

export type DivisiblePadParams = PadParams & {
  /** Every axis becomes a multiple of this; not positive leaves it. */
  readonly k: number | readonly number[];
  readonly method?: 'symmetric' | 'end';
};

/** Adds voxels up to a multiple. */
export function divisiblePad(params: DivisiblePadParams): DefinedTransform {
  return defined('DivisiblePad', params, (viewport) => {
    const multiples = perAxis(params.k, viewport.extent.length);
    const size = sizeOf(viewport).map((n, a) =>
      multiples[a] > 0 ? Math.ceil(n / multiples[a]) * multiples[a] : n,
    );
    return padTo(viewport, size, params);
  });
}
