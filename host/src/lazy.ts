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
export { affine, affineGrid } from './transforms/affine.js';
export { applyPending } from './transforms/apply-pending.js';
export { borderPad } from './transforms/border-pad.js';
export { centerScaleCrop } from './transforms/center-scale-crop.js';
export { centerSpatialCrop } from './transforms/center-spatial-crop.js';
export { oneOf, randomOrder, someOf } from './transforms/containers.js';
export { cropForeground, foregroundBox } from './transforms/crop-foreground.js';
export { randSpatialCropSamples } from './transforms/crop-samples.js';
export { displacementField } from './transforms/displacement-field.js';
export { divisiblePad } from './transforms/divisible-pad.js';
export { controlPoints, elastic, rand2DElastic, rand3DElastic } from './transforms/elastic.js';
export { flip } from './transforms/flip.js';
export { gaussianNoise, givenNoise, randGaussianNoise } from './transforms/gaussian-noise.js';
export { gridDistortion, randGridDistortion } from './transforms/grid-distortion.js';
export {
  castToType,
  ensureType,
  normalizeIntensity,
  randScaleIntensity,
  randShiftIntensity,
  scaleIntensity,
  scaleIntensityFactor,
  scaleIntensityRange,
  shiftIntensity,
} from './transforms/intensity.js';
export { orientation } from './transforms/orientation.js';
export { randAffine, randAffineGrid } from './transforms/rand-affine.js';
export { randCropByLabelClasses, randCropByPosNegLabel } from './transforms/rand-crop-by-label.js';
export { randAxisFlip, randFlip } from './transforms/rand-flip.js';
export { randRotate, randRotate90 } from './transforms/rand-rotate.js';
export { randScaleCrop, randSpatialCrop } from './transforms/rand-spatial-crop.js';
export { randWeightedCrop } from './transforms/rand-weighted-crop.js';
export { randZoom } from './transforms/rand-zoom.js';
export { resize } from './transforms/resize.js';
export { resizeWithPadOrCrop } from './transforms/resize-with-pad-or-crop.js';
export { rotate } from './transforms/rotate.js';
export { rotate90 } from './transforms/rotate90.js';
export { spacing } from './transforms/spacing.js';
export { spatialCrop } from './transforms/spatial-crop.js';
export { spatialPad } from './transforms/spatial-pad.js';
export {
  resampleToMatch,
  resampleToMatchKey,
  spatialResample,
} from './transforms/spatial-resample.js';
export { zoom } from './transforms/zoom.js';
