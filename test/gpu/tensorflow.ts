import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createTensorflowBackend } from '#tensorflow/backend.js';
import { CPU_LIBRARY, GPU_LIBRARY } from '#tensorflow/start/libraries.js';
import { type Proof, prove } from '#tensorflow/start/prove.js';
import type { Tensorflow } from '#tensorflow/start/tensorflow.js';
import { type Conformance, runConformance } from './conformance.js';

/** What the TensorFlow plugin does on the package that a folder has. */
export interface TensorflowCheck {
  readonly package: string;
  readonly version: string;
  readonly proof: Proof;
  readonly conformance: Conformance;
  /** Tensors that are left when all is disposed, beside those before. */
  readonly leaked: number;
}

/** Loads the package from a folder in which npm installed it, and tries the contract on it. */
export async function checkTensorflow(folder: string): Promise<TensorflowCheck> {
  const { name, tf } = load(folder);
  const proof = await prove(tf);
  const before = tf.memory().numTensors;
  const conformance = await runConformance(async () => createTensorflowBackend(async () => tf));
  const leaked = tf.memory().numTensors - before;
  return { package: name, version: tf.version_core, proof, conformance, leaked };
}

function load(folder: string): { readonly name: string; readonly tf: Tensorflow } {
  const require = createRequire(join(resolve(folder), 'from-here.js'));
  for (const name of [GPU_LIBRARY, CPU_LIBRARY]) {
    try {
      require.resolve(name);
    } catch {
      continue;
    }
    return { name, tf: require(name) as Tensorflow };
  }
  throw new Error(`neither ${GPU_LIBRARY} nor ${CPU_LIBRARY} is installed in ${folder}`);
}
