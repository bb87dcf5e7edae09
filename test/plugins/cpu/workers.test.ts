import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createGrid, createImage, identityMap, isVoxhostError, type Resample } from '@voxhost/sdk';
import { createCpu } from './support.js';

const SIZE = [40, 40, 40];

function linear(): Resample {
  const data = new Float32Array(64_000).map((_, i) => i % 97);
  return {
    kind: 'resample',
    source: createImage(createGrid({ size: SIZE }), data),
    interpolator: 'linear',
    boundary: { kind: 'nearest' },
    pixelType: 'float32',
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: 64_000, runs: 2 },
  };
}

/** A worker that dies at its first task. */
const DEADLY = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', () => process.exit(7));
  `)}`,
);

describe('the workers of the cpu plugin', () => {
  it('that die fail their run, clearly, and are replaced', async () => {
    const sound = await createCpu(2);
    await sound[Symbol.asyncDispose]();
    await using backend = await createCpu(2, DEADLY);
    await using prepared = await backend.prepare(linear());
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(
        prepared.run(identityMap(3), { samples: { size: SIZE } }),
        (error) => isVoxhostError(error, 'BACKEND_FAILED') && /exited with 7/.test(error.message),
      );
    }
  });

  it('leave an aborted run with its reason, and the next run right', async () => {
    await using backend = await createCpu(2);
    const operation = linear();
    await using prepared = await backend.prepare(operation);
    const abort = new AbortController();
    const size = [400, 400, 400];
    const run = prepared.run(identityMap(3), { samples: { size }, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 5);
    await assert.rejects(run, /enough/);
    const { data } = await prepared.run(identityMap(3), { samples: { size: SIZE } });
    assert.deepEqual(data, operation.source.data);
  });

  it('let the process exit while they are idle', async () => {
    const support = new URL('./support.js', import.meta.url);
    const script = `
      import { createCpu } from ${JSON.stringify(support.href)};
      import { createGrid, createImage, identityMap } from '@voxhost/sdk';
      const source = createImage(createGrid({ size: [2, 2] }), new Uint8Array([1, 2, 3, 4]));
      const demand = { maps: ['affine'], samples: 'grid', perRun: 4, runs: 1 };
      const prepared = await (await createCpu()).prepare({ kind: 'resample', source, interpolator: 'linear',
        boundary: { kind: 'nearest' }, pixelType: 'uint8', gradient: false, demand });
      console.log(String((await prepared.run(identityMap(2), { samples: { size: [2, 2] } })).data));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script],
      { timeout: 15_000 },
    );
    assert.equal(stdout.trim(), '1,2,3,4');
  });
});
