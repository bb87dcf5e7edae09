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
export { type AffineGridParams, type AffineParams, affineGrid } from './transforms/affine.js';
export { applyPending } from './transforms/apply-pending.js';
export type { BorderPadParams } from './transforms/border-pad.js';
export type { CenterScaleCropParams } from './transforms/center-scale-crop.js';
export type { CenterSpatialCropParams } from './transforms/center-spatial-crop.js';
export {
  affine,
  borderPad,
  castToType,
  centerScaleCrop,
  centerSpatialCrop,
  controlPoints,
  cropForeground,
  displacementField,
  divisiblePad,
  elastic,
  ensureType,
  flip,
  gaussianNoise,
  gridDistortion,
  normalizeIntensity,
  orientation,
  rand2DElastic,
  rand3DElastic,
  randAffine,
  randAxisFlip,
  randCropByLabelClasses,
  randCropByPosNegLabel,
  randFlip,
  randGaussianNoise,
  randGridDistortion,
  randRotate,
  randRotate90,
  randScaleCrop,
  randScaleIntensity,
  randShiftIntensity,
  randSpatialCrop,
  randSpatialCropSamples,
  randWeightedCrop,
  randZoom,
  resampleToMatch,
  resize,
  resizeWithPadOrCrop,
  rotate,
  rotate90,
  scaleIntensity,
  scaleIntensityFactor,
  scaleIntensityRange,
  shiftIntensity,
  spacing,
  spatialCrop,
  spatialPad,
  spatialResample,
  zoom,
} from './transforms/checked.js';
export { oneOf, randomOrder, someOf } from './transforms/containers.js';
export { type CropForegroundParams, foregroundBox } from './transforms/crop-foreground.js';
export type { RandSpatialCropSamplesParams } from './transforms/crop-samples.js';
export type { DisplacementFieldParams } from './transforms/displacement-field.js';
export type { DivisiblePadParams } from './transforms/divisible-pad.js';
export type {
  ControlPointsParams,
  ElasticParams,
  Rand2DElasticParams,
  Rand3DElasticParams,
} from './transforms/elastic.js';
export type { FlipParams } from './transforms/flip.js';
export {
  type GaussianNoiseParams,
  givenNoise,
  type RandGaussianNoiseParams,
} from './transforms/gaussian-noise.js';
export type {
  GridDistortionParams,
  RandGridDistortionParams,
} from './transforms/grid-distortion.js';
export type {
  CastToTypeParams,
  NormalizeIntensityParams,
  RandScaleIntensityParams,
  RandShiftIntensityParams,
  ScaleIntensityFactorParams,
  ScaleIntensityParams,
  ScaleIntensityRangeParams,
  ShiftIntensityParams,
} from './transforms/intensity.js';
export type { OrientationParams } from './transforms/orientation.js';
export { type RandAffineParams, randAffineGrid } from './transforms/rand-affine.js';
export type {
  RandCropByLabelClassesParams,
  RandCropByPosNegLabelParams,
} from './transforms/rand-crop-by-label.js';
export type { RandAxisFlipParams, RandFlipParams } from './transforms/rand-flip.js';
export type { RandRotate90Params, RandRotateParams } from './transforms/rand-rotate.js';
export type { RandScaleCropParams, RandSpatialCropParams } from './transforms/rand-spatial-crop.js';
export type { RandWeightedCropParams } from './transforms/rand-weighted-crop.js';
export type { RandZoomParams } from './transforms/rand-zoom.js';
export type { ResizeParams } from './transforms/resize.js';
export type { ResizeWithPadOrCropParams } from './transforms/resize-with-pad-or-crop.js';
export type { RotateParams } from './transforms/rotate.js';
export type { Rotate90Params } from './transforms/rotate90.js';
export type { SpacingParams } from './transforms/spacing.js';
export type { SpatialCropParams } from './transforms/spatial-crop.js';
export type { SpatialPadParams } from './transforms/spatial-pad.js';
export { resampleToMatchKey, type SpatialResampleParams } from './transforms/spatial-resample.js';
export type { ZoomParams } from './transforms/zoom.js';
