import { padFillNamed } from '../lazy/synonyms.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf, type Viewport } from '../lazy/viewport.js';
import { pad } from './crop-or-pad.js';
import { defined, perAxis } from './define.js';

/** What every pad takes. */
export type PadParams = {
  /** NumPy's or torch's name. Default `constant`. */
  readonly mode?: string;
  /** Of `constant`. Default 0. */
  readonly value?: number;
};

export type SpatialPadParams = PadParams & {
  /** Voxels to reach; axes that have as many stay. */
  readonly spatial_size: number | readonly number[];
  /** `end` adds all after the last voxel. Default `symmetric`: half of it, rounded down, before the first. */
  readonly method?: 'symmetric' | 'end';
};

/** Adds voxels up to a size. */
export function spatialPad(params: SpatialPadParams): DefinedTransform {
  return defined('SpatialPad', params, (viewport) =>
    padTo(viewport, perAxis(params.spatial_size, viewport.extent.length), params),
  );
}

/** Adds what is missing to `size`. */
export function padTo(
  viewport: Viewport,
  size: readonly number[],
  params: PadParams & { readonly method?: string },
) {
  const widths = sizeOf(viewport).map((n, a) => Math.max(size[a] - n, 0));
  const before = widths.map((w) => (params.method === 'end' ? 0 : Math.floor(w / 2)));
  const behind = widths.map((w, a) => w - before[a]);
  return [pad(viewport, { before, behind }, padFillNamed(params.mode ?? 'constant', params.value))];
}
