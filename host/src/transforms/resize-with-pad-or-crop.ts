import { padFillNamed } from '../lazy/synonyms.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { centredStart } from './center-spatial-crop.js';
import { cropOrPad } from './crop-or-pad.js';
import { defined, sizesOr } from './define.js';
import type { PadParams } from './spatial-pad.js';

export type ResizeWithPadOrCropParams = PadParams & {
  readonly spatial_size: number | readonly number[];
  readonly method?: 'symmetric' | 'end';
};

/** Cuts about the middle where there are too many voxels, pads where there are too few. */
export function resizeWithPadOrCrop(params: ResizeWithPadOrCropParams): DefinedTransform {
  return defined('ResizeWithPadOrCrop', params, (viewport) => {
    const fill = padFillNamed(params.mode ?? 'constant', params.value);
    const size = sizesOr(params.spatial_size, sizeOf(viewport));
    const rest = params.method === 'end' ? cutAboutMiddle : aboutMiddle;
    return cropOrPad(viewport, size, { fill, rest });
  });
}

/** Pads behind the last voxel only. */
const cutAboutMiddle = (have: number, want: number): number =>
  have > want ? centredStart(have, want) : 0;

/** Pads half, rounded down, before the first voxel; cuts about voxel floor(n / 2). */
export const aboutMiddle = (have: number, want: number): number =>
  have > want ? centredStart(have, want) : 0 - Math.floor((want - have) / 2);
