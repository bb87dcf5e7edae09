import { describeBackend } from '@voxhost/sdk/testing';
import { createTensorflow } from '../plugins/tensorflow/stand-in.js';

await describeBackend('tensorflow', createTensorflow, { describe, it, after });
