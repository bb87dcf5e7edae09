import { createRequire } from 'node:module';
import { CPU_LIBRARY, GPU_LIBRARY, NO_GPU } from './start/libraries.js';
import { prove } from './start/prove.js';
import { reasonOf } from './start/reason-of.js';
import type { Tensorflow } from './start/tensorflow.js';

/**
 * The probe of the targets, a program of its own: loads the library that the host found, has it compute, and says in
 * one line of JSON whether it does. `gpu` as argument: on a GPU.
 */
interface Answer {
  readonly ready: boolean;
  readonly verdict?: string;
  readonly reason?: string;
  readonly [more: string]: unknown;
}

const wantsGpu = process.argv.includes('gpu');
// The answer alone belongs on standard output: what TensorFlow prints goes with the errors.
const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
say(`${JSON.stringify(await answer())}\n`, () => process.exit(0));

async function answer(): Promise<Answer> {
  try {
    const paths = JSON.parse(process.env['VOXHOST_RUNTIMES'] ?? '{}') as Record<string, string>;
    const path = paths[GPU_LIBRARY] ?? paths[CPU_LIBRARY];
    if (path === undefined) return missing(`neither ${GPU_LIBRARY} nor ${CPU_LIBRARY} was found`);
    const tf = createRequire(path)(path) as Tensorflow;
    const { computes, usesGpu } = await prove(tf);
    if (wantsGpu && usesGpu !== true) {
      return { ready: false, verdict: 'missing-hardware', reason: NO_GPU };
    }
    return { ready: true, versions: { tensorflow: tf.version_core }, computes };
  } catch (error) {
    return missing(reasonOf(error));
  }
}

function missing(reason: string): Answer {
  return { ready: false, verdict: 'missing-library', reason };
}
