import assert from 'node:assert/strict';
import { runLoad } from '../bench/load.js';

describe('under load', () => {
  it('no call is lost or wrong while two of five plugins crash again and again', async function () {
    this.timeout(120_000);
    const { calls, lost, wrong, failedOver, servedBy, before, after } = await runLoad(150, 20);
    assert.deepEqual({ lost, wrong }, { lost: 0, wrong: 0 });
    assert.equal(
      Object.values(servedBy).reduce((sum, count) => sum + count, 0),
      calls,
    );
    assert.ok(failedOver > 5, `only ${failedOver} calls failed over`);
    assert.ok(after.children <= 5, `${after.children} children`);
    assert.ok(after.descriptors <= before.descriptors + 20);
  });
});
