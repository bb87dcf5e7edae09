import { describeBackend } from '@voxhost/sdk/testing';
import { createCuda } from '../plugins/cuda/support.js';
import { fakeDriver } from '../support/fake-driver.js';
import { samplePtx, takesAll, whyNoPtx } from '../support/ptx-sample.js';
import { skipBecause } from '../support/skip-because.js';

/** Of 750 cases one in so many is left: a few seconds. */
const EVERY = 50;

const reason = whyNoPtx();

if (reason === undefined) {
  fakeDriver(); // built before a test counts its time
  const isTaken = samplePtx(EVERY);
  const create = () => createCuda({ PTX: 1 });
  await describeBackend('cuda, the PTX machine running its kernels', create, {
    describe,
    it: (name: string, body: () => Promise<void>) =>
      isTaken() ? it(name, body).timeout(takesAll ? 600_000 : 60_000) : undefined,
    after,
  });
} else {
  it('backend cuda, the PTX machine running its kernels', function () {
    skipBecause(this, reason);
  });
}
