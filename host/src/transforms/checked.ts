/**
 * The transforms as callers get them: their parameters are checked as a PIPELINE.json's are, by the same rows.
 * Each throws `BAD_ARGUMENT` naming the parameter that is wrong.
 *
 * @module
 */
import type { Params, Transform } from '../lazy/transform.js';
import * as affineFile from './affine.js';
import * as borderPadFile from './border-pad.js';
import { CATALOGUE } from './catalogue.js';
import * as centerScaleCropFile from './center-scale-crop.js';
import * as centerSpatialCropFile from './center-spatial-crop.js';
import * as cropForegroundFile from './crop-foreground.js';
import * as cropSamplesFile from './crop-samples.js';
import * as displacementFieldFile from './displacement-field.js';
import * as divisiblePadFile from './divisible-pad.js';
import * as elasticFile from './elastic.js';
import * as flipFile from './flip.js';
import * as gaussianNoiseFile from './gaussian-noise.js';
import * as gridDistortionFile from './grid-distortion.js';
import * as intensityFile from './intensity.js';
import * as orientationFile from './orientation.js';
import * as randAffineFile from './rand-affine.js';
import * as randCropByLabelFile from './rand-crop-by-label.js';
import * as randFlipFile from './rand-flip.js';
import * as randRotateFile from './rand-rotate.js';
import * as randSpatialCropFile from './rand-spatial-crop.js';
import * as randWeightedCropFile from './rand-weighted-crop.js';
import * as randZoomFile from './rand-zoom.js';
import { requireParams } from './require-params.js';
import * as resizeFile from './resize.js';
import * as resizeWithPadOrCropFile from './resize-with-pad-or-crop.js';
import * as rotateFile from './rotate.js';
import * as rotate90File from './rotate90.js';
import * as spacingFile from './spacing.js';
import * as spatialCropFile from './spatial-crop.js';
import * as spatialPadFile from './spatial-pad.js';
import * as spatialResampleFile from './spatial-resample.js';
import * as zoomFile from './zoom.js';

/** A maker of transforms that looks at its parameters first. */
function checked<F extends (params: never, ...rest: never[]) => Transform>(
  name: keyof typeof CATALOGUE,
  create: F,
): F {
  const row = CATALOGUE[name];
  const make = (params: Params = {}, ...rest: never[]): Transform =>
    create(requireParams(params, row) as never, ...rest);
  return make as unknown as F;
}

export const affine: typeof affineFile.affine = checked('Affine', affineFile.affine);
export const borderPad: typeof borderPadFile.borderPad = checked(
  'BorderPad',
  borderPadFile.borderPad,
);
export const centerScaleCrop: typeof centerScaleCropFile.centerScaleCrop = checked(
  'CenterScaleCrop',
  centerScaleCropFile.centerScaleCrop,
);
export const centerSpatialCrop: typeof centerSpatialCropFile.centerSpatialCrop = checked(
  'CenterSpatialCrop',
  centerSpatialCropFile.centerSpatialCrop,
);
export const cropForeground: typeof cropForegroundFile.cropForeground = checked(
  'CropForeground',
  cropForegroundFile.cropForeground,
);
export const randSpatialCropSamples: typeof cropSamplesFile.randSpatialCropSamples = checked(
  'RandSpatialCropSamples',
  cropSamplesFile.randSpatialCropSamples,
);
export const displacementField: typeof displacementFieldFile.displacementField = checked(
  'DisplacementField',
  displacementFieldFile.displacementField,
);
export const divisiblePad: typeof divisiblePadFile.divisiblePad = checked(
  'DivisiblePad',
  divisiblePadFile.divisiblePad,
);
export const controlPoints: typeof elasticFile.controlPoints = checked(
  'ControlPoints',
  elasticFile.controlPoints,
);
export const elastic: typeof elasticFile.elastic = checked('Elastic', elasticFile.elastic);
export const rand2DElastic: typeof elasticFile.rand2DElastic = checked(
  'Rand2DElastic',
  elasticFile.rand2DElastic,
);
export const rand3DElastic: typeof elasticFile.rand3DElastic = checked(
  'Rand3DElastic',
  elasticFile.rand3DElastic,
);
export const flip: typeof flipFile.flip = checked('Flip', flipFile.flip);
export const gaussianNoise: typeof gaussianNoiseFile.gaussianNoise = checked(
  'GaussianNoise',
  gaussianNoiseFile.gaussianNoise,
);
export const randGaussianNoise: typeof gaussianNoiseFile.randGaussianNoise = checked(
  'RandGaussianNoise',
  gaussianNoiseFile.randGaussianNoise,
);
export const gridDistortion: typeof gridDistortionFile.gridDistortion = checked(
  'GridDistortion',
  gridDistortionFile.gridDistortion,
);
export const randGridDistortion: typeof gridDistortionFile.randGridDistortion = checked(
  'RandGridDistortion',
  gridDistortionFile.randGridDistortion,
);
export const castToType: typeof intensityFile.castToType = checked(
  'CastToType',
  intensityFile.castToType,
);
export const ensureType: typeof intensityFile.ensureType = checked(
  'EnsureType',
  intensityFile.ensureType,
);
export const normalizeIntensity: typeof intensityFile.normalizeIntensity = checked(
  'NormalizeIntensity',
  intensityFile.normalizeIntensity,
);
export const randScaleIntensity: typeof intensityFile.randScaleIntensity = checked(
  'RandScaleIntensity',
  intensityFile.randScaleIntensity,
);
export const randShiftIntensity: typeof intensityFile.randShiftIntensity = checked(
  'RandShiftIntensity',
  intensityFile.randShiftIntensity,
);
export const scaleIntensity: typeof intensityFile.scaleIntensity = checked(
  'ScaleIntensity',
  intensityFile.scaleIntensity,
);
export const scaleIntensityFactor: typeof intensityFile.scaleIntensityFactor = checked(
  'ScaleIntensityFactor',
  intensityFile.scaleIntensityFactor,
);
export const scaleIntensityRange: typeof intensityFile.scaleIntensityRange = checked(
  'ScaleIntensityRange',
  intensityFile.scaleIntensityRange,
);
export const shiftIntensity: typeof intensityFile.shiftIntensity = checked(
  'ShiftIntensity',
  intensityFile.shiftIntensity,
);
export const orientation: typeof orientationFile.orientation = checked(
  'Orientation',
  orientationFile.orientation,
);
export const randAffine: typeof randAffineFile.randAffine = checked(
  'RandAffine',
  randAffineFile.randAffine,
);
export const randCropByLabelClasses: typeof randCropByLabelFile.randCropByLabelClasses = checked(
  'RandCropByLabelClasses',
  randCropByLabelFile.randCropByLabelClasses,
);
export const randCropByPosNegLabel: typeof randCropByLabelFile.randCropByPosNegLabel = checked(
  'RandCropByPosNegLabel',
  randCropByLabelFile.randCropByPosNegLabel,
);
export const randAxisFlip: typeof randFlipFile.randAxisFlip = checked(
  'RandAxisFlip',
  randFlipFile.randAxisFlip,
);
export const randFlip: typeof randFlipFile.randFlip = checked('RandFlip', randFlipFile.randFlip);
export const randRotate: typeof randRotateFile.randRotate = checked(
  'RandRotate',
  randRotateFile.randRotate,
);
export const randRotate90: typeof randRotateFile.randRotate90 = checked(
  'RandRotate90',
  randRotateFile.randRotate90,
);
export const randScaleCrop: typeof randSpatialCropFile.randScaleCrop = checked(
  'RandScaleCrop',
  randSpatialCropFile.randScaleCrop,
);
export const randSpatialCrop: typeof randSpatialCropFile.randSpatialCrop = checked(
  'RandSpatialCrop',
  randSpatialCropFile.randSpatialCrop,
);
export const randWeightedCrop: typeof randWeightedCropFile.randWeightedCrop = checked(
  'RandWeightedCrop',
  randWeightedCropFile.randWeightedCrop,
);
export const randZoom: typeof randZoomFile.randZoom = checked('RandZoom', randZoomFile.randZoom);
export const resize: typeof resizeFile.resize = checked('Resize', resizeFile.resize);
export const resizeWithPadOrCrop: typeof resizeWithPadOrCropFile.resizeWithPadOrCrop = checked(
  'ResizeWithPadOrCrop',
  resizeWithPadOrCropFile.resizeWithPadOrCrop,
);
export const rotate: typeof rotateFile.rotate = checked('Rotate', rotateFile.rotate);
export const rotate90: typeof rotate90File.rotate90 = checked('Rotate90', rotate90File.rotate90);
export const spacing: typeof spacingFile.spacing = checked('Spacing', spacingFile.spacing);
export const spatialCrop: typeof spatialCropFile.spatialCrop = checked(
  'SpatialCrop',
  spatialCropFile.spatialCrop,
);
export const spatialPad: typeof spatialPadFile.spatialPad = checked(
  'SpatialPad',
  spatialPadFile.spatialPad,
);
export const resampleToMatch: typeof spatialResampleFile.resampleToMatch = checked(
  'ResampleToMatch',
  spatialResampleFile.resampleToMatch,
);
export const spatialResample: typeof spatialResampleFile.spatialResample = checked(
  'SpatialResample',
  spatialResampleFile.spatialResample,
);
export const zoom: typeof zoomFile.zoom = checked('Zoom', zoomFile.zoom);
