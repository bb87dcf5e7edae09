import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  createGrid,
  createImage,
  type IndexMap,
  isVoxhostError,
  pointsMap,
  type Resample,
  type Samples,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { admit } from '#host/routing/admission.js';
import { blocksOf, runInBlocks } from '#host/routing/blocks.js';
import { FakeBackend, resampleOf } from './fakes.js';

const SIZE = [7, 5, 4] as const;
const SAMPLES = SIZE[0] * SIZE[1] * SIZE[2];

function volume(channels: number, gradient: boolean): Resample {
  const data = Float32Array.from({ length: SAMPLES * channels }, (_, i) => (i * 37) % 101);
  return {
    ...resampleOf(SAMPLES, 1),
    source: createImage(createGrid({ size: SIZE }), data, channels),
    gradient,
  };
}

const tilted = affineMap([0.9, 0.1, 0, 0.4, -0.1, 0.8, 0.2, 0.3, 0, 0.1, 1.1, -0.2]);
const scattered = Float64Array.from({ length: SAMPLES * 3 }, (_, i) => ((i * 13) % 70) / 10);

/** Kinds of map and of samples that a run may have. */
const RUNS: readonly (readonly [string, IndexMap, Samples])[] = [
  ['a grid', tilted, { size: SIZE }],
  ['a part of a grid', tilted, { size: [3, 4, 2], start: [2, 0, 1] }],
  ['points', tilted, { points: scattered }],
  ['a grid with a position for each voxel', pointsMap(scattered), { size: SIZE }],
];

describe('a run in blocks', () => {
  for (const [name, map, samples] of RUNS) {
    it(`over ${name} gives the bits of the whole, whatever the blocks`, async () => {
      await using reference = createReference();
      for (const [channels, gradient] of [
        [1, false],
        [2, true],
      ] as const) {
        const operation = volume(channels, gradient);
        await using prepared = await reference.prepare(operation);
        const whole = await prepared.run(map, { samples });
        for (const most of [1, 6, 7, 13, 35, 36, 1000]) {
          const run = { samples, into: new Float32Array(whole.data.length) };
          const pieces = await runInBlocks(operation, { map, run, most }, (part, block) =>
            prepared.run(part, block),
          );
          assert.deepEqual(pieces.data, whole.data, `${most} at most`);
          assert.equal(pieces.data, run.into);
        }
      }
    });
  }

  it('follows the samples without a gap, and no block is larger than it may be', () => {
    const size = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 300 }), (whole, most) => {
        let next = 0;
        for (const { samples, offset, count } of blocksOf({ size: whole }, whole.length, most)) {
          assert.equal(offset, next);
          assert.ok(count >= 1 && count <= most && 'size' in samples);
          assert.equal(
            samples.size.reduce((product, n) => product * n, 1),
            count,
          );
          next += count;
        }
        assert.equal(
          next,
          whole.reduce((product, n) => product * n, 1),
        );
      }),
    );
  });

  it('tells progress over all of the blocks', async () => {
    await using reference = createReference();
    const operation = volume(1, false);
    await using prepared = await reference.prepare(operation);
    const told: number[] = [];
    const run = {
      samples: { size: SIZE },
      progress: (fraction: number) => void told.push(fraction),
    };
    await runInBlocks(operation, { map: tilted, run, most: 35 }, (part, block) =>
      prepared.run(part, block),
    );
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
    );
    assert.equal(told.at(-1), 1);
  });
});

/** Needs so many bytes for the source, and one for each sample of a run. */
function hungry(prepare: number, most = Number.POSITIVE_INFINITY): Backend {
  const backend = new FakeBackend('a', 1);
  backend.supports = ({ demand }) =>
    demand.perRun > most
      ? { ok: false, axis: 'memory', reason: `its device takes ${most} samples` }
      : { ok: true, memory: { prepare, run: demand.perRun } };
  return backend;
}

describe('admission', () => {
  const operation = resampleOf(1000, 3);

  it('leaves alone what fits', () => {
    assert.deepEqual(admit(hungry(100), operation, 1100), { operation });
  });

  it('splits runs that the machine has no memory for, and announces smaller and more of them', () => {
    const { operation: smaller, mostSamples } = admit(hungry(100), operation, 400);
    assert.equal(mostSamples, 250);
    assert.deepEqual(smaller.demand, { ...operation.demand, perRun: 250, runs: 12 });
    assert.equal(smaller.source, operation.source);
  });

  it('splits runs that the device has no memory for', () => {
    assert.equal(admit(hungry(0, 300), operation, 1e9).mostSamples, 250);
  });

  it('refuses a source that does not fit, and what is no question of memory', () => {
    assert.throws(
      () => admit(hungry(500), operation, 400),
      (error) => isVoxhostError(error, 'OUT_OF_MEMORY') && error.fields.bytes === 1500,
    );
    const picky = hungry(0);
    picky.supports = () => ({ ok: false, axis: 'boundary', reason: 'lacks it' });
    assert.throws(() => admit(picky, operation, 1e9), /boundary: lacks it/);
  });
});
