/**
 * Lazy resampling: operations compose to one map before anything is sampled.
 *
 * @module
 */

export { boundaryOfPadding, interpolatorOfMode, legacyStretch } from '../transforms/modes.js';
export { axcodesOf } from './axcodes.js';
export type { ExecuteSettings, Sampled } from './execute-sampling.js';
export { executeSampling } from './execute-sampling.js';
export type { OutputGridRequest } from './output-grid.js';
export { outputGrid } from './output-grid.js';
export type { PadFill, PadPlacement } from './pad-image.js';
export { padImage } from './pad-image.js';
export type { ResampleRequest } from './resample-request.js';
export { betweenGrids, planResample, resampleImage } from './resample-request.js';
export type { SamplingModes, SamplingPlan, SamplingTask } from './sampling.js';
export { planSampling } from './sampling.js';
export type { BoundaryDetails, Vocabulary } from './synonyms.js';
export { boundaryNamed, interpolatorNamed, padFillNamed, VOCABULARIES } from './synonyms.js';
