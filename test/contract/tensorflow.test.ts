import { describeBackend } from '@voxhost/sdk/testing';
import { createTensorflowBackend } from '#tensorflow/backend.js';
import { standIn } from '../plugins/tensorflow/stand-in.js';

await describeBackend('tensorflow', async () => createTensorflowBackend(standIn), {
  describe,
  it,
  after,
});
