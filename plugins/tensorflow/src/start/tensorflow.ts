import type * as tfjs from '@tensorflow/tfjs-core';

/** The operations of TensorFlow, of whatever package of the user's has them. */
export type Tensorflow = typeof tfjs;

export type Tensor = tfjs.Tensor;
/** One number, or truth, per sample. */
export type Column = tfjs.Tensor;
