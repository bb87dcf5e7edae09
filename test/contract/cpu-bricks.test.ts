import { describeBackend } from '@voxhost/sdk/testing';
import { bricksOf, createCpuWithin } from '../plugins/cpu/support.js';

/** So small that most outputs of the kit take several. */
const BRICK_BYTES = 2 ** 13;

await describeBackend('cpu, brick by brick', () => createCpuWithin(bricksOf(BRICK_BYTES)), {
  describe,
  it,
  after,
});
