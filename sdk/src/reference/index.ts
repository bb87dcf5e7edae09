/**
 * The reference backend: the oracle that every other is compared with, and what serves when no other can.
 *
 * @module
 */
export { createReference } from './create-reference.js';
export { METRIC_NAMES } from './metric/create-measure.js';
