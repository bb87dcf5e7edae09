/**
 * The contract between the voxhost host and its backend plugins. It imports nothing.
 *
 * @module
 */
export type { Backend, Prepared, Support } from './backend.js';
export type { Boundary, BoundaryKind } from './boundary.js';
export { BOUNDARY_KINDS, fillValue } from './boundary.js';
export type {
  Axis,
  CapabilityBlock,
  Cost,
  MetricCapability,
  Numerics,
  ResampleCapability,
} from './capabilities.js';
export type { CapabilityMatch, Mismatch } from './capability-match.js';
export { matchCapabilities } from './capability-match.js';
export type { ErrorCode, ErrorFields } from './errors.js';
export { ERROR_CODES, isVoxhostError, VoxhostError } from './errors.js';
export type { Grid, GridInput } from './grid.js';
export {
  asVolume,
  createGrid,
  gridProblem,
  identityDirection,
  indexToPhysical,
  requireGrid,
  voxelCount,
} from './grid.js';
export type { Image } from './image.js';
export { createImage } from './image.js';
export type {
  AffineMap,
  ContinuousMap,
  FieldMap,
  IndexMap,
  Lattice,
  MapShape,
  Outside,
  PointsMap,
  SequenceMap,
} from './index-map.js';
export { MAP_SHAPES, mapDimensions, mapMembers, mapShape } from './index-map.js';
export type { Interpolator } from './interpolator.js';
export { INTERPOLATORS, splineOrder } from './interpolator.js';
export type { Json } from './json.js';
export type {
  Entry,
  FileSeal,
  Isolation,
  LibraryRequirement,
  Manifest,
  Permissions,
  Requirements,
  Target,
} from './manifest.js';
export type { FieldMapInput } from './map/construct.js';
export { affineMap, fieldMap, identityMap, invertAffine, pointsMap } from './map/construct.js';
export { accumulate, evaluate, jacobian, zeroDerivative } from './map/evaluate.js';
export type { PerSample } from './map/locate-all.js';
export { locateAll, outputIndices, sampleCount, samplePositions } from './map/locate-all.js';
export { mapProblem, requireMap } from './map/map-problem.js';
export { pullback } from './map/pullback.js';
export { sequenceMap, then } from './map/then.js';
export type { Demand, Metric, Operation, Resample } from './operation.js';
export type { PixelArrays, Pixels, PixelType, PixelTypeFacts } from './pixel-type.js';
export {
  allocatePixels,
  fitsFloat32,
  PIXEL_TYPES,
  pixelTypeFacts,
  pixelTypeOf,
  roundHalfEven,
  toPixelValue,
} from './pixel-type.js';
export type { Context, LogLevel, Plugin } from './plugin.js';
export { ABI, definePlugin } from './plugin.js';
export type { Extension } from './reference/fold.js';
export { extensionOf } from './reference/fold.js';
export { filterExtension, splineMargin } from './reference/spline-padding.js';
export type {
  Measured,
  MetricRun,
  Resampled,
  ResampleRun,
  RunOptions,
  Runs,
  Samples,
} from './run.js';
export type { Breathe } from './runs/breather.js';
export { createBreather } from './runs/breather.js';
export type { MetricShape } from './runs/check-metric.js';
export { METRIC_BOUNDARY, requireMetric, requireMetricRun } from './runs/check-metric.js';
export type { ResampleShape } from './runs/check-resample.js';
export {
  outputOf,
  requireFinite,
  requireFiniteForSpline,
  requireResampleRun,
} from './runs/check-resample.js';
export type { BackendParts, Prepare, PreparedParts } from './runs/create-backend.js';
export { createBackend } from './runs/create-backend.js';
export type { MetricOptions } from './runs/metric-options.js';
export { metricOptions, requireNoRunOptions } from './runs/metric-options.js';
export type { Block } from './runs/plan-blocks.js';
export { blockOffset, planBlocks } from './runs/plan-blocks.js';
