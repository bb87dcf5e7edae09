import { describeBackend } from '@voxhost/sdk/testing';
import { createCuda } from '../plugins/cuda/support.js';
import { whyNoFakeDriver } from '../support/fake-driver.js';
import { skipBecause } from '../support/skip-because.js';

const reason = whyNoFakeDriver();

if (reason === undefined) {
  await describeBackend('cuda on the fake driver', createCuda, { describe, it, after });
} else {
  it('backend cuda on the fake driver', function () {
    skipBecause(this, reason);
  });
}
