/**
 * Lazy resampling: operations compose to one map before anything is sampled.
 *
 * @module
 */
export { affine, affineGrid } from '../transforms/affine.js';
export { applyPending } from '../transforms/apply-pending.js';
export { borderPad } from '../transforms/border-pad.js';
export { centerScaleCrop } from '../transforms/center-scale-crop.js';
export { centerSpatialCrop } from '../transforms/center-spatial-crop.js';
export { oneOf, randomOrder, someOf } from '../transforms/containers.js';
export { cropForeground, foregroundBox } from '../transforms/crop-foreground.js';
export { randSpatialCropSamples } from '../transforms/crop-samples.js';
export { displacementField } from '../transforms/displacement-field.js';
export { divisiblePad } from '../transforms/divisible-pad.js';
export { controlPoints, elastic, rand2DElastic, rand3DElastic } from '../transforms/elastic.js';
export { flip } from '../transforms/flip.js';
export { gaussianNoise, givenNoise, randGaussianNoise } from '../transforms/gaussian-noise.js';
export { gridDistortion, randGridDistortion } from '../transforms/grid-distortion.js';
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
} from '../transforms/intensity.js';
export { boundaryOfPadding, interpolatorOfMode, legacyStretch } from '../transforms/modes.js';
export { orientation } from '../transforms/orientation.js';
export { randAffine, randAffineGrid } from '../transforms/rand-affine.js';
export { randCropByLabelClasses, randCropByPosNegLabel } from '../transforms/rand-crop-by-label.js';
export { randAxisFlip, randFlip } from '../transforms/rand-flip.js';
export { randRotate, randRotate90 } from '../transforms/rand-rotate.js';
export { randScaleCrop, randSpatialCrop } from '../transforms/rand-spatial-crop.js';
export { randWeightedCrop } from '../transforms/rand-weighted-crop.js';
export { randZoom } from '../transforms/rand-zoom.js';
export { resize } from '../transforms/resize.js';
export { resizeWithPadOrCrop } from '../transforms/resize-with-pad-or-crop.js';
export { rotate } from '../transforms/rotate.js';
export { rotate90 } from '../transforms/rotate90.js';
export { spacing } from '../transforms/spacing.js';
export { spatialCrop } from '../transforms/spatial-crop.js';
export { spatialPad } from '../transforms/spatial-pad.js';
export {
  resampleToMatch,
  resampleToMatchKey,
  spatialResample,
} from '../transforms/spatial-resample.js';
export { zoom } from '../transforms/zoom.js';
export { axcodesOf } from './axcodes.js';
export { betweenGrids } from './between-grids.js';
export type {
  ComposeOptions,
  ImageRecord,
  Pipeline,
  PipelineHost,
  PipelineResult,
  PipelineResults,
  RunSettings,
} from './compose.js';
export { compose } from './compose.js';
export type { ExecuteSettings, Sampled, SamplingSettings } from './execute-sampling.js';
export { executeSampling } from './execute-sampling.js';
export type { InvertSettings } from './invert.js';
export { invertMap } from './invert-map.js';
export type { CacheCounts, CacheLimits, MapCache } from './map-cache.js';
export { createMapCache } from './map-cache.js';
export type { OutputGridRequest } from './output-grid.js';
export { outputGrid } from './output-grid.js';
export type { PadFill, PadPlacement } from './pad-image.js';
export { padImage } from './pad-image.js';
export { parsePipeline } from './parse-pipeline.js';
export type { RandomStream } from './random-stream.js';
export { createRandomStream } from './random-stream.js';
export type { ResampleRequest } from './resample-request.js';
export { planResample, resampleImage } from './resample-request.js';
export type { SamplingModes, SamplingPlan, SamplingTask } from './sampling.js';
export { planSampling } from './sampling.js';
export type { Schedule, ScheduleEvent } from './schedule.js';
export { schedule } from './schedule.js';
export type { Step } from './step.js';
export type { BoundaryDetails, Vocabulary } from './synonyms.js';
export { boundaryNamed, interpolatorNamed, padFillNamed, VOCABULARIES } from './synonyms.js';
export type { Trace, TraceItem } from './trace.js';
export { traceOf } from './trace.js';
export type {
  ContainerTransform,
  DefinedTransform,
  Overrides,
  SamplingTransform,
  Transform,
} from './transform.js';
export type { Shapes, Viewport } from './viewport.js';
