import { axisTurns } from '../lazy/axcodes.js';
import { chain, linearMap, translation } from '../lazy/matrices.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { gridOf, sizeOf } from '../lazy/viewport.js';
import { bad, defined, spatial } from './define.js';

export type OrientationParams = {
  /** Letters that the axes of the result run towards, for example `RAS`. */
  readonly axcodes?: string | null;
  /** The same as `RAS`. Default false. */
  readonly as_closest_canonical?: boolean;
};

/** Permutes and reverses axes so that they run towards the letters, closest axes of an oblique grid. */
export function orientation(params: OrientationParams): DefinedTransform {
  const axcodes = params.as_closest_canonical ? 'RAS' : params.axcodes;
  if (!axcodes) throw bad('axcodes', 'is missing');
  return defined('Orientation', params, (viewport) => {
    const dims = viewport.extent.length;
    const turns = axisTurns(gridOf(viewport), axcodes);
    const size = sizeOf(viewport);
    const entries = Array<number>(dims * dims).fill(0);
    const offset = Array<number>(dims).fill(0);
    for (const [column, { axis, flip }] of turns.entries()) {
      entries[axis * dims + column] = flip ? -1 : 1;
      if (flip) offset[axis] = size[axis] - 1;
    }
    const extent = turns.map(({ axis }) => viewport.extent[axis]);
    return [spatial(viewport, chain(linearMap(entries, dims), translation(offset)), extent)];
  });
}
