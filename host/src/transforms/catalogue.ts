import type { Params, Transform } from '../lazy/transform.js';
import { affine } from './affine.js';
import { borderPad } from './border-pad.js';
import { centerScaleCrop } from './center-scale-crop.js';
import { centerSpatialCrop } from './center-spatial-crop.js';
import type { Checks } from './check-params.js';
import * as is from './check-params.js';
import { cropForeground } from './crop-foreground.js';
import { randSpatialCropSamples } from './crop-samples.js';
import type { DisplacementFieldParams } from './displacement-field.js';
import { displacementField } from './displacement-field.js';
import { divisiblePad } from './divisible-pad.js';
import { controlPoints, elastic, rand2DElastic, rand3DElastic } from './elastic.js';
import { flip } from './flip.js';
import { gaussianNoise, randGaussianNoise } from './gaussian-noise.js';
import { gridDistortion, randGridDistortion } from './grid-distortion.js';
import * as intensity from './intensity.js';
import { orientation } from './orientation.js';
import { randAffine } from './rand-affine.js';
import { randCropByLabelClasses, randCropByPosNegLabel } from './rand-crop-by-label.js';
import { randAxisFlip, randFlip } from './rand-flip.js';
import { randRotate, randRotate90 } from './rand-rotate.js';
import { randScaleCrop, randSpatialCrop } from './rand-spatial-crop.js';
import { randWeightedCrop } from './rand-weighted-crop.js';
import { randZoom } from './rand-zoom.js';
import { resize } from './resize.js';
import { resizeWithPadOrCrop } from './resize-with-pad-or-crop.js';
import { rotate } from './rotate.js';
import { rotate90 } from './rotate90.js';
import { spacing } from './spacing.js';
import { spatialCrop } from './spatial-crop.js';
import { spatialPad } from './spatial-pad.js';
import { resampleToMatch, resampleToMatchKey, spatialResample } from './spatial-resample.js';
import { zoom } from './zoom.js';

/** A transform by MONAI's name: how it is made, and what its parameters must be. */
export interface CatalogueRow {
  /** `sources` are the entries of a dictionary whose voxels decide, where some do. */
  readonly create: (params: Params, sources: readonly string[]) => Transform;
  readonly checks: Checks;
  readonly required: readonly string[];
  /** Parameters of the dictionary form that name the entries whose voxels decide. */
  readonly sources: readonly string[];
}

interface RowExtras {
  readonly required?: readonly string[];
  readonly sources?: readonly string[];
}

/** The one place where checked parameters become typed ones. */
const row = <P extends Params>(
  create: (params: P, sources: readonly string[]) => Transform,
  checks: Checks,
  { required = [], sources = [] }: RowExtras = {},
): CatalogueRow => ({
  create: (params, named) => create(params as P, named),
  checks,
  required,
  sources,
});

const sampling = {
  mode: is.mode,
  padding_mode: is.text,
  align_corners: is.corners,
  dtype: is.text,
} as const;
const padding = { mode: is.text, value: is.number } as const;
const method = is.oneOf('symmetric', 'end');
const parts = {
  rotate_params: is.numbers,
  shear_params: is.numbers,
  translate_params: is.numbers,
  scale_params: is.numbers,
} as const;
const partRanges = {
  rotate_range: is.ranges,
  shear_range: is.ranges,
  translate_range: is.ranges,
  scale_range: is.ranges,
} as const;
const prob = is.number;
const centred = {
  spatial_size: is.wholes,
  num_samples: is.count,
  allow_smaller: is.boolean,
} as const;
const randomBox = { random_center: is.boolean, random_size: is.boolean } as const;
const typed = {
  dtype: is.text,
  data_type: is.ignored,
  device: is.ignored,
  track_meta: is.ignored,
} as const;
const boxFromData = {
  threshold: is.number,
  channel_indices: is.numbers,
  margin: is.wholes,
  allow_smaller: is.boolean,
  k_divisible: is.wholes,
} as const;

/** Every transform that a PIPELINE.json or a trace can name, containers aside. */
export const CATALOGUE: { readonly [name: string]: CatalogueRow } = {
  Spacing: row(
    spacing,
    {
      ...sampling,
      pixdim: is.numbers,
      diagonal: is.boolean,
      min_pixdim: is.bounds,
      max_pixdim: is.bounds,
      scale_extent: is.boolean,
      recompute_affine: is.boolean,
    },
    { required: ['pixdim'] },
  ),
  Orientation: row(orientation, { axcodes: is.text, as_closest_canonical: is.boolean }),
  SpatialResample: row(spatialResample, {
    ...sampling,
    dst_affine: is.rows,
    spatial_size: is.wholes,
  }),
  ResampleToMatch: row(
    (params: Params, [reference]) =>
      reference === undefined ? resampleToMatch(params) : resampleToMatchKey(reference, params),
    { ...sampling, dst_affine: is.rows, spatial_size: is.wholes },
    { sources: ['key_dst'] },
  ),
  Flip: row(flip, { spatial_axis: is.axes }),
  Rotate90: row(rotate90, { k: is.whole, spatial_axes: is.axes }),
  Rotate: row(
    rotate,
    { ...sampling, angle: is.numbers, keep_size: is.boolean },
    { required: ['angle'] },
  ),
  Zoom: row(zoom, { ...sampling, zoom: is.numbers, keep_size: is.boolean }, { required: ['zoom'] }),
  Resize: row(
    resize,
    {
      ...sampling,
      spatial_size: is.wholes,
      size_mode: is.oneOf('all', 'longest'),
      anti_aliasing: is.boolean,
    },
    { required: ['spatial_size'] },
  ),
  Affine: row(affine, { ...sampling, ...parts, affine: is.rows, spatial_size: is.wholes }),
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
  Elastic: row(
    elastic,
    {
      ...sampling,
      ...parts,
      seed: is.whole,
      sigma: is.number,
      magnitude: is.number,
      spatial_size: is.wholes,
    },
    { required: ['seed', 'sigma', 'magnitude'] },
  ),
  ControlPoints: row(
    controlPoints,
    {
      ...sampling,
      ...parts,
      seed: is.whole,
      spacing: is.numbers,
      magnitude: is.number,
      spatial_size: is.wholes,
    },
    { required: ['seed', 'spacing', 'magnitude'] },
  ),
  GridDistortion: row(
    gridDistortion,
    { ...sampling, num_cells: is.wholes, distort_steps: is.rows },
    { required: ['distort_steps'] },
  ),
  DisplacementField: row(
    (params) => displacementField(params as unknown as DisplacementFieldParams),
    { ...sampling, field: is.lattice },
    { required: ['field'] },
  ),
  GaussianNoise: row(gaussianNoise, { mean: is.number, std: is.number, seed: is.whole }),
  ShiftIntensity: row(intensity.shiftIntensity, { offset: is.number }, { required: ['offset'] }),
  ScaleIntensityFactor: row(
    intensity.scaleIntensityFactor,
    { factor: is.number },
    { required: ['factor'] },
  ),
  ScaleIntensity: row(intensity.scaleIntensity, {
    minv: is.number,
    maxv: is.number,
    factor: is.number,
    channel_wise: is.boolean,
    dtype: is.text,
  }),
  ScaleIntensityRange: row(
    intensity.scaleIntensityRange,
    {
      a_min: is.number,
      a_max: is.number,
      b_min: is.number,
      b_max: is.number,
      clip: is.boolean,
      dtype: is.text,
    },
    { required: ['a_min', 'a_max'] },
  ),
  NormalizeIntensity: row(intensity.normalizeIntensity, {
    subtrahend: is.number,
    divisor: is.number,
    nonzero: is.boolean,
    channel_wise: is.boolean,
    dtype: is.text,
  }),
  CastToType: row(intensity.castToType, { dtype: is.text }),
  EnsureType: row(intensity.ensureType, typed),
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
  RandRotate90: row(randRotate90, { prob, max_k: is.count, spatial_axes: is.axes }),
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
    num_cells: is.wholes,
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
