import '@tensorflow/tfjs-backend-cpu';
import * as tfjs from '@tensorflow/tfjs-core';

/** TensorFlow.js on its own processor backend: what stands in for the package that the user has. */
export async function standIn(): Promise<typeof tfjs> {
  await tfjs.ready();
  return tfjs;
}
