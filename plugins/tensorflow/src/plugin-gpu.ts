import { ABI, definePlugin } from '@voxhost/sdk';
import { createTensorflowBackend } from './backend.js';
import { GPU_LIBRARY } from './start/libraries.js';
import { startTensorflow } from './start/start-tensorflow.js';

/** The entry of the targets with a GPU: a TensorFlow that uses none is refused. */
export default definePlugin({
  id: 'org.voxhost.tensorflow',
  version: '0.1.0',
  abi: { min: ABI, max: ABI },
  activate: async (context) =>
    createTensorflowBackend(() => startTensorflow(context, [GPU_LIBRARY], 'gpu')),
});
