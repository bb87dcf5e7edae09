import { chain, linearMap, translation } from '../lazy/matrices.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf, type Viewport } from '../lazy/viewport.js';
import { axisOf, bad, defined, spatial } from './define.js';

export type Rotate90Params = {
  /** Quarter turns. Default 1. */
  readonly k?: number;
  /** The turn goes from the first of these axes towards the second, as NumPy's rot90. Default [0, 1]. */
  readonly spatial_axes?: readonly [number, number];
};

/** Turns by quarters in the plane of two axes. */
export function rotate90(params: Rotate90Params = {}): DefinedTransform {
  return defined('Rotate90', params, (viewport) => {
    const dims = viewport.extent.length;
    const [from, towards] = (params.spatial_axes ?? [0, 1]).map((a) => axisOf(a, dims));
    if (from === towards) throw bad('spatial_axes', 'names one axis twice');
    const turns = (((params.k ?? 1) % 4) + 4) % 4;
    return Array.from({ length: turns }).reduce<readonly ReturnType<typeof quarter>[]>(
      (done) => [...done, quarter(done.at(-1)?.after ?? viewport, from, towards)],
      [],
    );
  });
}

/** in[from] = out[towards], in[towards] = n - 1 - out[from]. */
function quarter(viewport: Viewport, from: number, towards: number) {
  const dims = viewport.extent.length;
  const entries = Array.from({ length: dims * dims }, (_, i) => {
    const [row, column] = [Math.floor(i / dims), i % dims];
    if (row === from) return column === towards ? 1 : 0;
    if (row === towards) return column === from ? -1 : 0;
    return row === column ? 1 : 0;
  });
  const offset = sizeOf(viewport).map((n, a) => (a === towards ? n - 1 : 0));
  const extent = viewport.extent.map((e, a) => {
    if (a === from) return viewport.extent[towards];
    return a === towards ? viewport.extent[from] : e;
  });
  return spatial(viewport, chain(linearMap(entries, dims), translation(offset)), extent);
}
