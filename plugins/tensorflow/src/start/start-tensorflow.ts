import { type Context, isVoxhostError, VoxhostError } from '@voxhost/sdk';
import { NAME } from '../capabilities.js';
import { NO_GPU } from './libraries.js';
import { prove } from './prove.js';
import { reasonOf } from './reason-of.js';
import type { Tensorflow } from './tensorflow.js';

/**
 * Loads the package that the user has and lets it prove itself: its native part can be missing though the package
 * is there, and TensorFlow goes on without a GPU when it finds none.
 *
 * @param device - `gpu` refuses a TensorFlow that would compute on the processor
 * @throws `PLUGIN_FILE` without the package or its native part, `BACKEND_FAILED` when it computes nothing or not there
 */
export async function startTensorflow(
  context: Context,
  libraries: readonly string[],
  device: 'gpu' | 'any',
): Promise<Tensorflow> {
  const { name, tf } = await loadFirst(context, libraries);
  try {
    const { computes, usesGpu } = await prove(tf);
    if (device === 'gpu' && usesGpu !== true) throw new Error(NO_GPU);
    context.log('info', `${name} ${tf.version_core} computes with ${computes}`);
    return tf;
  } catch (error) {
    throw failed(error);
  }
}

const failed = (cause: unknown): VoxhostError =>
  new VoxhostError('BACKEND_FAILED', { backend: NAME, reason: reasonOf(cause) }, cause);

async function loadFirst(
  context: Context,
  libraries: readonly string[],
): Promise<{ readonly name: string; readonly tf: Tensorflow }> {
  let first: unknown;
  for (const name of libraries) {
    try {
      return { name, tf: (await context.runtime(name)) as Tensorflow };
    } catch (error) {
      const isAbsent = isVoxhostError(error, 'PLUGIN_FILE') && error.cause === undefined;
      if (!isAbsent) throw cannotLoad(name, error);
      first ??= error;
    }
  }
  throw first;
}

function cannotLoad(name: string, error: unknown): VoxhostError {
  const fields = { plugin: 'org.voxhost.tensorflow', path: name, reason: reasonOf(error) };
  return new VoxhostError('PLUGIN_FILE', fields, error);
}
