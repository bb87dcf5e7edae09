/**
 * The conformance kit: the contract as cases over what a backend claims, images with known values, and a host
 * that is none, for the tests of a plugin.
 *
 * @module
 */
export type { ConformanceCase } from './conformance-case.js';
export { conformanceCases } from './conformance-cases.js';
export type { TestRunner } from './describe-backend.js';
export { describeBackend } from './describe-backend.js';
export type { FakeContext, FakeHost } from './fake-context.js';
export { createFakeContext } from './fake-context.js';
export type { Blob, Profile } from './phantoms.js';
export {
  checkerboard,
  gaussianBlobs,
  headPhantom,
  imageOfIndex,
  imageOfPoint,
  quadratic,
  ramp,
} from './phantoms.js';
export type { Rule } from './rules.js';
export { RULES } from './rules.js';
export {
  DIFFERENCE_STEP,
  JUMP_MARGIN,
  LOOSEST_RELATIVE,
  SLOPE_FACTOR,
  toleranceOf,
} from './tolerances.js';
