import * as is from '../check-params.js';
import { rand2DElastic, rand3DElastic } from '../elastic.js';
import { randGaussianNoise } from '../gaussian-noise.js';
import { randGridDistortion } from '../grid-distortion.js';
import * as intensity from '../intensity.js';
import { randAffine } from '../rand-affine.js';
import { randAxisFlip, randFlip } from '../rand-flip.js';
import { randRotate, randRotate90 } from '../rand-rotate.js';
import { randScaleCrop, randSpatialCrop } from '../rand-spatial-crop.js';
import { randZoom } from '../rand-zoom.js';
import { type CatalogueRows, row } from './row.js';
import { randomBox, sampling } from './shared-checks.js';

const partRanges = {
  rotate_range: is.ranges,
  shear_range: is.ranges,
  translate_range: is.ranges,
  scale_range: is.ranges,
} as const;
const prob = is.number;

/** Transforms that draw their parameters. */
export const RANDOM: CatalogueRows = {
  RandFlip: row(randFlip, { prob, spatial_axis: is.axes }),
  RandAxisFlip: row(randAxisFlip, { prob }),
  RandRotate: row(randRotate, {
    ...sampling,
    prob,
    keep_size: is.boolean,
    range_x: is.ranges,
    range_y: is.ranges,
    range_z: is.ranges,
  }),
  RandRotate90: row(randRotate90, { prob, max_k: is.count, spatial_axes: is.axisPair }),
  RandZoom: row(randZoom, {
    ...sampling,
    prob,
    keep_size: is.boolean,
    min_zoom: is.numbers,
    max_zoom: is.numbers,
  }),
  RandAffine: row(randAffine, {
    ...sampling,
    ...partRanges,
    prob,
    spatial_size: is.wholes,
    cache_grid: is.ignored,
  }),
  Rand2DElastic: row(
    rand2DElastic,
    {
      ...sampling,
      ...partRanges,
      prob,
      spacing: is.numbers,
      magnitude_range: is.pair,
      spatial_size: is.wholes,
    },
    { required: ['spacing', 'magnitude_range'] },
  ),
  Rand3DElastic: row(
    rand3DElastic,
    {
      ...sampling,
      ...partRanges,
      prob,
      sigma_range: is.pair,
      magnitude_range: is.pair,
      spatial_size: is.wholes,
    },
    { required: ['sigma_range', 'magnitude_range'] },
  ),
  RandGridDistortion: row(randGridDistortion, {
    ...sampling,
    prob,
    num_cells: is.cells,
    distort_limit: is.ranges,
  }),
  RandSpatialCrop: row(
    randSpatialCrop,
    { ...randomBox, roi_size: is.wholes, max_roi_size: is.wholes },
    { required: ['roi_size'] },
  ),
  RandScaleCrop: row(
    randScaleCrop,
    { ...randomBox, roi_scale: is.numbers, max_roi_scale: is.numbers },
    { required: ['roi_scale'] },
  ),
  RandGaussianNoise: row(randGaussianNoise, {
    prob,
    mean: is.number,
    std: is.number,
    sample_std: is.boolean,
    dtype: is.ignored,
  }),
  RandShiftIntensity: row(
    intensity.randShiftIntensity,
    { prob, offsets: is.ranges },
    { required: ['offsets'] },
  ),
  RandScaleIntensity: row(
    intensity.randScaleIntensity,
    { prob, factors: is.ranges },
    { required: ['factors'] },
  ),
};
