/**
 * Physical transforms, ITK's, and the maps they become between any two grids. LPS, millimetres, and from the
 * output to the input.
 *
 * @module
 */
export { inverse } from './inverse.js';
export { invertOnGrid } from './invert-on-grid.js';
export { LINEAR_KINDS, linearMatrix } from './linear.js';
export type { LinearOptions, RigidOptions } from './make-transform.js';
export {
  affine,
  bspline,
  composite,
  displacementField,
  linear,
  rigid,
  similarity,
  translation,
  versorRigid,
} from './make-transform.js';
export type { DifferentiableMap, GridPair } from './parameter-derivative.js';
export { differentiableMap, parameterDerivative } from './parameter-derivative.js';
export { unshearedGrid, unshearMap } from './shear.js';
export { toIndexMap, transformPoint } from './to-index-map.js';
export type {
  BSplineTransform,
  CompositeTransform,
  DisplacementFieldTransform,
  LinearKind,
  LinearTransform,
  Transform,
} from './transform.js';
export { transformDimensions } from './transform-problem.js';
