import { type Context, isVoxhostError, VoxhostError } from '@voxhost/sdk';
import { NAME } from '../capabilities.js';
import { missingLibrary } from './missing-library.js';
import { prove } from './prove.js';
import type { Tensorflow } from './tensorflow.js';

/** The user's packages, the first that there is. */
export const GPU_LIBRARY = '@tensorflow/tfjs-node-gpu';
export const CPU_LIBRARY = '@tensorflow/tfjs-node';

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

export const NO_GPU =
  'TensorFlow uses no GPU: it found no device, or not the CUDA 11 libraries and cuDNN 8 that it opens itself';

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

/** What is missing where that can be read, else what was said. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error ? messagesOf(error) : String(error);
  const missing = missingLibrary(said);
  return missing === undefined ? said : `${missing.what} is missing; ${missing.remedy}`;
}

/** A message and those of its causes. */
const messagesOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message}: ${messagesOf(error.cause)}` : error.message;
