import * as is from '../check-params.js';
import { randSpatialCropSamples } from '../crop-samples.js';
import { randCropByLabelClasses, randCropByPosNegLabel } from '../rand-crop-by-label.js';
import { randWeightedCrop } from '../rand-weighted-crop.js';
import { type CatalogueRows, row } from './row.js';
import { randomBox } from './shared-checks.js';

const centred = {
  spatial_size: is.wholes,
  num_samples: is.count,
  allow_smaller: is.boolean,
} as const;

/** Transforms that make several samples of one volume. */
export const SAMPLES: CatalogueRows = {
  RandSpatialCropSamples: row(
    randSpatialCropSamples,
    { ...randomBox, roi_size: is.wholes, max_roi_size: is.wholes, num_samples: is.count },
    { required: ['roi_size', 'num_samples'] },
  ),
  RandCropByPosNegLabel: row(
    randCropByPosNegLabel,
    { ...centred, pos: is.number, neg: is.number, image_threshold: is.number },
    { required: ['spatial_size', 'label_key'], sources: ['label_key', 'image_key'] },
  ),
  RandCropByLabelClasses: row(
    randCropByLabelClasses,
    { ...centred, ratios: is.list, num_classes: is.count, image_threshold: is.number },
    { required: ['spatial_size', 'label_key'], sources: ['label_key', 'image_key'] },
  ),
  RandWeightedCrop: row(randWeightedCrop, centred, {
    required: ['spatial_size', 'w_key'],
    sources: ['w_key'],
  }),
};
