import { ABI, definePlugin } from '@voxhost/sdk';
import { createTensorflowBackend } from './backend.js';
import { CPU_LIBRARY, GPU_LIBRARY } from './start/libraries.js';
import { startTensorflow } from './start/start-tensorflow.js';

/** The entry of the targets that take whatever TensorFlow computes with. */
export default definePlugin({
  id: 'org.voxhost.tensorflow',
  version: '0.1.0',
  abi: { min: ABI, max: ABI },
  activate: async (context) =>
    createTensorflowBackend(() => startTensorflow(context, [GPU_LIBRARY, CPU_LIBRARY], 'any')),
});
