import type { Backend } from '@voxhost/sdk';
import { describeBackend } from '@voxhost/sdk/testing';
import { bricksOf, createCpuWithin } from '../plugins/cpu/support.js';

/** So small that most outputs of the kit take several. */
const BRICK_BYTES = 2 ** 13;

/** Without its metrics, which hold their images as ever. */
async function createBricked(): Promise<Backend> {
  const cpu = await createCpuWithin(bricksOf(BRICK_BYTES));
  return { ...cpu, capabilities: cpu.capabilities.filter(({ op }) => op === 'resample') };
}

await describeBackend('cpu, brick by brick', createBricked, { describe, it, after });
