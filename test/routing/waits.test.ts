import assert from 'node:assert/strict';
import { isVoxhostError } from '@voxhost/sdk';
import { WaitGraph } from '#host/routing/waits.js';

const forEver = () => new Promise<never>(() => undefined);
const answer = async () => 'answered';

describe('who waits for whom', () => {
  it('lets the user and any plugin wait for any other', async () => {
    const waits = new WaitGraph();
    void waits.during('a', 'b', forEver);
    void waits.during('b', 'c', forEver);
    assert.equal(await waits.during('a', 'c', answer), 'answered');
    assert.equal(await waits.during('d', 'a', answer), 'answered');
    assert.equal(await waits.during(undefined, 'a', answer), 'answered');
  });

  it('refuses what would close a ring, and names the ring', async () => {
    const waits = new WaitGraph();
    void waits.during('a', 'b', forEver);
    void waits.during('b', 'c', forEver);
    await assert.rejects(
      waits.during('c', 'a', answer),
      (error) => isVoxhostError(error, 'UNSUPPORTED') && /c -> a -> b -> c/.test(error.message),
    );
    await assert.rejects(waits.during('b', 'b', answer), /b -> b/);
  });

  it('forgets a wait with its end, also a failed one, and only then', async () => {
    const waits = new WaitGraph();
    void waits.during('a', 'b', forEver);
    await waits.during('a', 'b', answer);
    await assert.rejects(waits.during('b', 'a', answer));
    const other = new WaitGraph();
    await assert.rejects(other.during('a', 'b', () => Promise.reject(new Error('failed'))));
    assert.equal(await other.during('b', 'a', answer), 'answered');
  });
});
