import { padFillNamed } from '../lazy/synonyms.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { settle, sizeOf } from '../lazy/viewport.js';
import { cropOrPad } from './crop-or-pad.js';
import { bad, defined, perAxis, type SamplingParams } from './define.js';
import { interpolated } from './interpolate.js';
import { aboutMiddle } from './resize-with-pad-or-crop.js';

export type ZoomParams = SamplingParams & {
  /** Larger than 1 enlarges the object. */
  readonly zoom: number | readonly number[];
  /** Crop or pad back to the number of voxels, about the middle. Default true. */
  readonly keep_size?: boolean;
};

/** Scales the object; what keeping the size adds has `padding_mode`, by NumPy's names, default `edge`. Default mode `area`. */
export function zoom(params: ZoomParams): DefinedTransform {
  return defined('Zoom', params, (viewport) => {
    const factors = perAxis(params.zoom, viewport.extent.length);
    if (!factors.every((z) => z > 0)) throw bad('zoom', `[${factors}] is not positive`);
    const zoomed = viewport.extent.map((e, a) => e * factors[a]);
    const scaled = interpolated(viewport, settle(viewport, zoomed, floorAtLeastOne), params);
    if (!(params.keep_size ?? true)) return [scaled];
    const fill = padFillNamed(params.padding_mode ?? 'edge');
    const edge = { kind: 'nearest' } as const;
    return [
      scaled,
      ...cropOrPad(scaled.after, sizeOf(viewport), { fill, inverseFill: edge, rest: aboutMiddle }),
    ];
  });
}

const floorAtLeastOne = (e: number): number => Math.max(1, Math.floor(e));
