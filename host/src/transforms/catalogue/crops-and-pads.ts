import { borderPad } from '../border-pad.js';
import { centerScaleCrop } from '../center-scale-crop.js';
import { centerSpatialCrop } from '../center-spatial-crop.js';
import * as is from '../check-params.js';
import { cropForeground } from '../crop-foreground.js';
import { divisiblePad } from '../divisible-pad.js';
import { resizeWithPadOrCrop } from '../resize-with-pad-or-crop.js';
import { spatialCrop } from '../spatial-crop.js';
import { spatialPad } from '../spatial-pad.js';
import { type CatalogueRows, row } from './row.js';

const padding = { mode: is.text, value: is.number } as const;
const method = is.oneOf('symmetric', 'end');
const boxFromData = {
  threshold: is.number,
  channel_indices: is.numbers,
  margin: is.wholes,
  allow_smaller: is.boolean,
  k_divisible: is.wholes,
} as const;

/** Transforms that leave out and add voxels. */
export const CROPS_AND_PADS: CatalogueRows = {
  SpatialPad: row(
    spatialPad,
    { ...padding, spatial_size: is.wholes, method },
    { required: ['spatial_size'] },
  ),
  BorderPad: row(
    borderPad,
    { ...padding, spatial_border: is.wholes },
    { required: ['spatial_border'] },
  ),
  DivisiblePad: row(divisiblePad, { ...padding, k: is.wholes, method }, { required: ['k'] }),
  SpatialCrop: row(spatialCrop, {
    roi_center: is.wholes,
    roi_size: is.wholes,
    roi_start: is.wholes,
    roi_end: is.wholes,
    roi_slices: is.slices,
  }),
  CenterSpatialCrop: row(centerSpatialCrop, { roi_size: is.wholes }, { required: ['roi_size'] }),
  CenterScaleCrop: row(centerScaleCrop, { roi_scale: is.numbers }, { required: ['roi_scale'] }),
  ResizeWithPadOrCrop: row(
    resizeWithPadOrCrop,
    { ...padding, spatial_size: is.wholes, method },
    { required: ['spatial_size'] },
  ),
  CropForeground: row(
    (params, [source]) => cropForeground(params, source),
    { ...padding, ...boxFromData },
    { sources: ['source_key'] },
  ),
};
