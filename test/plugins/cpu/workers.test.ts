import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  affineMap,
  createGrid,
  createImage,
  identityMap,
  isVoxhostError,
  type Resample,
} from '@voxhost/sdk';
import { JOB_TILE_COUNT } from '#cpu/job-layout.js';
import { giveBackMemory, takeMemory } from '#cpu/memories.js';
import { takeTiles } from '#cpu/take-tiles.js';
import { threadCount } from '#cpu/thread-count.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { createCpu } from './support.js';

const SIZE = [40, 40, 40];

/** Whose tiles are worth sharing. */
function nearest(): Resample {
  const data = new Float32Array(64_000).map((_, i) => i % 97);
  return {
    kind: 'resample',
    source: createImage(createGrid({ size: SIZE }), data),
    interpolator: 'nearest',
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

const REAL = new URL('../../../../plugins/cpu/bundle/worker.js', import.meta.url);

/** A worker that does its first two tasks and dies at the third. */
const TIRED = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads';
    const { module, memory } = workerData;
    const { exports } = new WebAssembly.Instance(module, { env: { memory, abort() {} } });
    let left = 2;
    parentPort.on('message', ({ kernel, job, scratch }) => {
      if (left-- === 0) process.exit(7);
      exports[kernel](job, scratch);
      parentPort.postMessage({ job });
    });
  `)}`,
);

/** A worker that leaves a file in a folder when it starts; the first of them dies at its first task if so told. */
const noted = (folder: string, { firstDies }: { readonly firstDies: boolean }): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    import { writeFileSync } from 'node:fs';
    const note = (name) => writeFileSync(${JSON.stringify(folder)} + '/' + name, '', { flag: 'wx' });
    const isFirst = (() => {
      try {
        note('first');
        return true;
      } catch {
        note(threadId);
        return false;
      }
    })();
    if (${firstDies} && isFirst) parentPort.once('message', () => process.exit(7));
    else await import(${JSON.stringify(REAL.href)});
  `)}`,
  );

const SMALL = [4, 4, 4];

describe('the workers of the cpu plugin', () => {
  before(function () {
    if (threadCount(2) < 2) this.skip();
  });

  it('start with the first run that two can share, as many as threads are allowed', async () => {
    for (const threads of [1, 2]) {
      using folder = temporaryFolder();
      const started = (): number => readdirSync(folder.path).length;
      await using backend = await createCpu(threads, noted(folder.path, { firstDies: false }));
      await using prepared = await backend.prepare(nearest());
      await prepared.run(identityMap(3), { samples: { size: SMALL } });
      assert.equal(started(), 0);
      for (let run = 0; run < 3; run++) {
        await prepared.run(identityMap(3), { samples: { size: [200, 100, 40] } });
      }
      assert.equal(started(), threads - 1);
    }
  });

  it('are replaced when they died: the run after the one that failed is right', async () => {
    using folder = temporaryFolder();
    await using backend = await createCpu(2, noted(folder.path, { firstDies: true }));
    const operation = nearest();
    await using prepared = await backend.prepare(operation);
    const run = async () => (await prepared.run(identityMap(3), { samples: { size: SIZE } })).data;
    await assert.rejects(run(), (error) => isVoxhostError(error, 'BACKEND_FAILED'));
    assert.deepEqual(await run(), operation.source.data);
    assert.equal(readdirSync(folder.path).length, 2);
  });

  it('leave their memory to the next backend', () => {
    const memory = takeMemory();
    giveBackMemory(memory);
    const next = takeMemory();
    assert.equal(next, memory);
    assert.notEqual(takeMemory(), next);
  });

  it('that die fail their run, clearly, and are replaced', async () => {
    const sound = await createCpu(2);
    await sound[Symbol.asyncDispose]();
    await using backend = await createCpu(2, DEADLY);
    await using prepared = await backend.prepare(nearest());
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(
        prepared.run(identityMap(3), { samples: { size: SIZE } }),
        (error) => isVoxhostError(error, 'BACKEND_FAILED') && /exited with 7/.test(error.message),
      );
    }
  });

  it('that die amid the blocks of a run fail it as clearly, time after time', async () => {
    await using backend = await createCpu(2, TIRED);
    await using prepared = await backend.prepare(nearest());
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(
        prepared.run(identityMap(3), { samples: { size: [256, 256, 160] } }),
        (error) => isVoxhostError(error, 'BACKEND_FAILED') && /exited with 7/.test(error.message),
      );
    }
  });

  it('give the same bits however many they are, and however many blocks a run has', async () => {
    const map = affineMap([0.3, 0.1, 0, -2, -0.1, 0.3, 0.05, 4, 0.02, -0.1, 0.3, 3]);
    const samples = { size: [150, 140, 130], start: [-3, 7, 2] };
    const data = await Promise.all(
      [1, 2].map(async (threads) => {
        await using backend = await createCpu(threads);
        await using prepared = await backend.prepare(nearest());
        return (await prepared.run(map, { samples })).data;
      }),
    );
    assert.deepEqual(data[0], data[1]);
  });

  it('serve the runs of several preparations side by side', async () => {
    await using backend = await createCpu(2);
    const operation = nearest();
    await using first = await backend.prepare(operation);
    await using second = await backend.prepare(operation);
    const ended: string[] = [];
    const run = async (name: string, prepared: typeof first, size: readonly number[]) => {
      const { data } = await prepared.run(identityMap(3), { samples: { size } });
      ended.push(name);
      return data;
    };
    const [, small] = await Promise.all([
      run('large', first, [300, 300, 60]),
      run('small', second, SIZE),
    ]);
    assert.deepEqual(small, operation.source.data);
    assert.deepEqual(ended.toSorted(), ['large', 'small']);
  });

  it('leave an aborted run with its reason, and the next run right', async () => {
    await using backend = await createCpu(2);
    const operation = nearest();
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
      const prepared = await (await createCpu()).prepare({ kind: 'resample', source, interpolator: 'nearest',
        boundary: { kind: 'nearest' }, pixelType: 'uint8', gradient: false, demand });
console.log((await prepared.run(identityMap(2), { samples: { size: [900, 300] } })).data.slice(0, 2).join());`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script],
      { timeout: 15_000 },
    );
    assert.equal(stdout.trim(), '1,2');
  });
});

describe('the thread that asks the cpu plugin', () => {
  for (const threads of [1, 2]) {
    it(`lets others have their turn, and stops when its run is aborted: ${threads} threads`, async () => {
      await using backend = await createCpu(threads);
      const operation = { ...nearest(), interpolator: 'bspline5' } as const;
      await using prepared = await backend.prepare(operation);
      const abort = new AbortController();
      const size = [400, 400, 400];
      const told: number[] = [];
      const run = prepared.run(identityMap(3), {
        samples: { size },
        signal: abort.signal,
        progress: (fraction) => told.push(fraction),
      });
      let turns = 0;
      const others = setInterval(() => {
        turns++;
        if (turns > 20 && told.length > 1) abort.abort(new Error('enough'));
      }, 1);
      await assert.rejects(run, /enough/);
      clearInterval(others);
      assert.ok(told.every((fraction, i) => fraction < 1 && fraction >= (told[i - 1] ?? 0)));
      const { data } = await prepared.run(identityMap(3), { samples: { size: SIZE } });
      assert.equal(data.length, operation.source.data.length);
    });
  }

  it('fails its run, clearly, when it meets a defect of a kernel', async () => {
    const run = (): never => {
      throw new Error('unreachable');
    };
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    new Int32Array(memory.buffer)[JOB_TILE_COUNT / 4] = 1;
    const rest = { job: 0, scratch: 0, answers: undefined, signal: undefined, progress: undefined };
    await assert.rejects(
      takeTiles({ backend: 'cpu', run, memory, ...rest }),
      (error) => isVoxhostError(error, 'BACKEND_FAILED') && /unreachable/.test(error.message),
    );
  });
});
