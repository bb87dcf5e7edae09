/**
 * Lazy resampling: operations compose to one map before anything is sampled.
 *
 * @module
 */

export { axcodesOf } from './lazy/axcodes.js';
export { betweenGrids } from './lazy/between-grids.js';
export type { ExecuteSettings, Sampled, SamplingSettings } from './lazy/execute-sampling.js';
export { executeSampling } from './lazy/execute-sampling.js';
export { invertMap } from './lazy/invert-map.js';
export type { CacheCounts, CacheLimits, MapCache } from './lazy/map-cache.js';
export { createMapCache } from './lazy/map-cache.js';
export { boundaryOfPadding, interpolatorOfMode, legacyStretch } from './lazy/modes.js';
export type { OutputGridRequest } from './lazy/output-grid.js';
export { outputGrid } from './lazy/output-grid.js';
export type { PadFill, PadPlacement } from './lazy/pad-image.js';
export { padImage } from './lazy/pad-image.js';
export type { RandomStream } from './lazy/random-stream.js';
export { createRandomStream } from './lazy/random-stream.js';
export type { ResampleRequest } from './lazy/resample-request.js';
export { planResample, resampleImage } from './lazy/resample-request.js';
export type { SamplingModes, SamplingPlan, SamplingTask } from './lazy/sampling.js';
export { planSampling } from './lazy/sampling.js';
export type { Step } from './lazy/step.js';
export type { BoundaryDetails, Vocabulary } from './lazy/synonyms.js';
export { boundaryNamed, interpolatorNamed, padFillNamed, VOCABULARIES } from './lazy/synonyms.js';
export type {
  ContainerTransform,
  DefinedTransform,
  Overrides,
  SamplingTransform,
  Transform,
} from './lazy/transform.js';
export type { Shapes, Viewport } from './lazy/viewport.js';
export type {
  ComposeOptions,
  ImageRecord,
  Pipeline,
  PipelineHost,
  PipelineResult,
  PipelineResults,
  RunSettings,
} from './pipelines/compose.js';
export { compose } from './pipelines/compose.js';
export type { InvertSettings } from './pipelines/invert.js';
export { parsePipeline } from './pipelines/parse-pipeline.js';
export type { Schedule, ScheduleEvent } from './pipelines/schedule.js';
export { schedule } from './pipelines/schedule.js';
export type { Trace, TraceItem } from './pipelines/trace.js';
export { traceOf } from './pipelines/trace.js';
export {
  type AffineGridParams,
  type AffineParams,
  affine,
  affineGrid,
} from './transforms/affine.js';
export { applyPending } from './transforms/apply-pending.js';
export { type BorderPadParams, borderPad } from './transforms/border-pad.js';
export { type CenterScaleCropParams, centerScaleCrop } from './transforms/center-scale-crop.js';
export {
  type CenterSpatialCropParams,
  centerSpatialCrop,
} from './transforms/center-spatial-crop.js';
export { oneOf, randomOrder, someOf } from './transforms/containers.js';
export {
  type CropForegroundParams,
  cropForeground,
  foregroundBox,
} from './transforms/crop-foreground.js';
export {
  type RandSpatialCropSamplesParams,
  randSpatialCropSamples,
} from './transforms/crop-samples.js';
export {
  type DisplacementFieldParams,
  displacementField,
} from './transforms/displacement-field.js';
export { type DivisiblePadParams, divisiblePad } from './transforms/divisible-pad.js';
export {
  type ControlPointsParams,
  controlPoints,
  type ElasticParams,
  elastic,
  type Rand2DElasticParams,
  type Rand3DElasticParams,
  rand2DElastic,
  rand3DElastic,
} from './transforms/elastic.js';
export { type FlipParams, flip } from './transforms/flip.js';
export {
  type GaussianNoiseParams,
  gaussianNoise,
  givenNoise,
  type RandGaussianNoiseParams,
  randGaussianNoise,
} from './transforms/gaussian-noise.js';
export {
  type GridDistortionParams,
  gridDistortion,
  type RandGridDistortionParams,
  randGridDistortion,
} from './transforms/grid-distortion.js';
export {
  type CastToTypeParams,
  castToType,
  ensureType,
  type NormalizeIntensityParams,
  normalizeIntensity,
  type RandScaleIntensityParams,
  type RandShiftIntensityParams,
  randScaleIntensity,
  randShiftIntensity,
  type ScaleIntensityFactorParams,
  type ScaleIntensityParams,
  type ScaleIntensityRangeParams,
  type ShiftIntensityParams,
  scaleIntensity,
  scaleIntensityFactor,
  scaleIntensityRange,
  shiftIntensity,
} from './transforms/intensity.js';
export { type OrientationParams, orientation } from './transforms/orientation.js';
export { type RandAffineParams, randAffine, randAffineGrid } from './transforms/rand-affine.js';
export {
  type RandCropByLabelClassesParams,
  type RandCropByPosNegLabelParams,
  randCropByLabelClasses,
  randCropByPosNegLabel,
} from './transforms/rand-crop-by-label.js';
export {
  type RandAxisFlipParams,
  type RandFlipParams,
  randAxisFlip,
  randFlip,
} from './transforms/rand-flip.js';
export {
  type RandRotate90Params,
  type RandRotateParams,
  randRotate,
  randRotate90,
} from './transforms/rand-rotate.js';
export {
  type RandScaleCropParams,
  type RandSpatialCropParams,
  randScaleCrop,
  randSpatialCrop,
} from './transforms/rand-spatial-crop.js';
export { type RandWeightedCropParams, randWeightedCrop } from './transforms/rand-weighted-crop.js';
export { type RandZoomParams, randZoom } from './transforms/rand-zoom.js';
export { type ResizeParams, resize } from './transforms/resize.js';
export {
  type ResizeWithPadOrCropParams,
  resizeWithPadOrCrop,
} from './transforms/resize-with-pad-or-crop.js';
export { type RotateParams, rotate } from './transforms/rotate.js';
export { type Rotate90Params, rotate90 } from './transforms/rotate90.js';
export { type SpacingParams, spacing } from './transforms/spacing.js';
export { type SpatialCropParams, spatialCrop } from './transforms/spatial-crop.js';
export { type SpatialPadParams, spatialPad } from './transforms/spatial-pad.js';
export {
  resampleToMatch,
  resampleToMatchKey,
  type SpatialResampleParams,
  spatialResample,
} from './transforms/spatial-resample.js';
export { type ZoomParams, zoom } from './transforms/zoom.js';
