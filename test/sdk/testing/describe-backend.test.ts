import assert from 'node:assert/strict';
import { describeBackend, type TestRunner } from '@voxhost/sdk/testing';
import { createSmall } from './small-backend.js';

/** A runner that keeps what it was told to run. */
function recorder(): TestRunner & {
  readonly names: string[];
  readonly bodies: (() => Promise<void>)[];
  readonly afters: (() => Promise<void>)[];
} {
  const [names, bodies, afters] = [[], [], []] as [
    string[],
    (() => Promise<void>)[],
    (() => Promise<void>)[],
  ];
  return {
    names,
    bodies,
    afters,
    describe: (name, body) => {
      names.push(name);
      body();
    },
    it: (name, body) => {
      names.push(name);
      bodies.push(body);
    },
    after: (body) => afters.push(body),
  };
}

describe('describeBackend', () => {
  it('names each test by rule and claim, under the backend', async () => {
    const runner = recorder();
    await describeBackend('small', async () => createSmall(), runner);
    assert.equal(runner.names[0], 'backend small');
    assert.ok(runner.names.slice(1).every((name) => /^R\d+: ./.test(name)));
    assert.ok(runner.names.includes('R3: linear, grid-constant'));
    assert.ok(!runner.names.some((name) => name.includes('lanczos3')), 'not claimed, not tried');
  });

  it('shares one backend where the runner has an end, and disposes it there', async () => {
    let [created, disposed] = [0, 0];
    const create = async (): Promise<ReturnType<typeof createSmall>> => {
      created++;
      return createSmall(() => ({
        disposeBackend: async (honest) => {
          disposed++;
          await honest();
        },
      }));
    };
    const shared = recorder();
    await describeBackend('small', create, shared);
    for (const body of shared.bodies.slice(0, 3)) await body();
    assert.deepEqual([created, disposed], [2, 1]);
    for (const body of shared.afters) await body();
    assert.deepEqual([created, disposed], [2, 2]);

    const { after: _, ...bare } = recorder();
    await describeBackend('small', create, bare);
    for (const body of bare.bodies.slice(0, 3)) await body();
    assert.deepEqual([created, disposed], [6, 6]);
  });

  it('is one failing test for a backend that cannot be created', async () => {
    const runner = recorder();
    await describeBackend('broken', () => Promise.reject(new Error('no device')), runner);
    assert.deepEqual(runner.names, ['backend broken', 'R1: the backend can be created']);
    await assert.rejects(runner.bodies[0](), /no device/);
  });
});
