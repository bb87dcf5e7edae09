import { type Image, voxelCount } from '@voxhost/sdk';
import type { Tensor, Tensorflow } from '../start/tensorflow.js';

/** An image in TensorFlow's memory until it is disposed. */
export interface ResidentImage extends Disposable {
  readonly planes: readonly Tensor[];
  readonly size: readonly number[];
}

/** @param image - of a pixel type that float32 holds exactly */
export function residentImage(tf: Tensorflow, { grid, channels, data }: Image): ResidentImage {
  const voxels = voxelCount(grid.size);
  const planes = Array.from({ length: channels }, (_, c) =>
    tf.tensor1d(Float32Array.from(data.subarray(c * voxels, (c + 1) * voxels))),
  );
  return {
    planes,
    size: grid.size,
    [Symbol.dispose]: () => tf.dispose([...planes]),
  };
}
