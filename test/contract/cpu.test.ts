import { describeBackend } from '@voxhost/sdk/testing';
import { createCpu } from '../plugins/cpu/support.js';

await describeBackend('cpu', createCpu, { describe, it, after });
