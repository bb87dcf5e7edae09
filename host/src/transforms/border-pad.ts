import { padFillNamed } from '../lazy/synonyms.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { pad } from './crop-or-pad.js';
import { bad, defined } from './define.js';
import type { PadParams } from './spatial-pad.js';

export type BorderPadParams = PadParams & {
  /** Voxels on every side: one for all, one per axis, or before and after of each axis. Negative counts as 0. */
  readonly spatial_border: number | readonly number[];
};

/** Adds voxels on every side. */
export function borderPad(params: BorderPadParams): DefinedTransform {
  return defined('BorderPad', params, (viewport) => {
    const { before, behind } = widthsOf(params.spatial_border, viewport.extent.length);
    return [
      pad(viewport, { before, behind }, padFillNamed(params.mode ?? 'constant', params.value)),
    ];
  });
}

function widthsOf(border: number | readonly number[], dims: number) {
  const widths = (typeof border === 'number' ? [border] : border).map((w) => Math.max(w, 0));
  const axes = Array.from({ length: dims }, (_, a) => a);
  if (widths.length === 1)
    return { before: axes.map(() => widths[0]), behind: axes.map(() => widths[0]) };
  if (widths.length === dims) return { before: widths, behind: widths };
  if (widths.length !== 2 * dims)
    throw bad('spatial_border', `has ${widths.length} numbers, not 1, ${dims} or ${2 * dims}`);
  return { before: axes.map((a) => widths[2 * a]), behind: axes.map((a) => widths[2 * a + 1]) };
}
