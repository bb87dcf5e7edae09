import type { Tensorflow } from './tensorflow.js';

/** What a package of TensorFlow proved to be. */
export interface Proof {
  /** TensorFlow.js's name of what computes. */
  readonly computes: string;
  /** Undefined when it does not say. */
  readonly usesGpu: boolean | undefined;
}

/** Looks up four numbers and adds them, on whatever the package computes with. */
export async function prove(tf: Tensorflow): Promise<Proof> {
  await tf.ready();
  const sum = tf.tidy(() => tf.sum(tf.gather(tf.tensor1d([1, 20, 300, 4000]), [3, 0, 1, 2])));
  const [value] = await sum.data();
  sum.dispose();
  if (value !== 4321) throw new Error(`1 + 20 + 300 + 4000 came to ${value}`);
  const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: unknown };
  return {
    computes: tf.getBackend(),
    usesGpu: typeof isUsingGpuDevice === 'boolean' ? isUsingGpuDevice : undefined,
  };
}
