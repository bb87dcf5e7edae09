import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type IndexMap,
  isVoxhostError,
  type Metric,
  pointsMap,
  type Resample,
} from '@voxhost/sdk';
import { type FakeDriver, fakeSettings, requireFakeDriver } from '../../support/fake-driver.js';
import { createCuda } from './support.js';

const SIZE = [9, 8, 7];
const VOXELS = 9 * 8 * 7;

/** A new object each time, so that nothing of it is on the device. */
const volume = (phase: number): Image =>
  createImage(
    createGrid({ size: SIZE }),
    Float32Array.from({ length: VOXELS }, (_, i) => 50 * Math.sin(i / 3 + phase) + (i % 11)),
  );

const TURN = affineMap([0.98, 0.05, 0, 0.3, -0.05, 0.97, 0.02, 0.7, 0, -0.02, 1.01, -0.4]);
const points = Float64Array.from({ length: 90 }, (_, i) => ((i * 37) % 70) / 10);
const freeForm = (): IndexMap =>
  fieldMap({
    lookup: [0.3, 0, 0, 1, 0, 0.3, 0, 1, 0, 0, 0.3, 1],
    lattice: {
      size: [6, 6, 6],
      order: 3,
      outside: 'edge',
      data: Float32Array.from({ length: 648 }, (_, i) => Math.sin(i)),
    },
  });

/** One whole use of the plugin, as numbers. */
type Use = (backend: Backend) => Promise<readonly number[]>;

const resampleOf =
  (changes: Partial<Resample>, map: () => IndexMap, isList = false): Use =>
  async (backend) => {
    const operation: Resample = {
      kind: 'resample',
      source: volume(0),
      interpolator: 'linear',
      boundary: { kind: 'mirror' },
      pixelType: 'float32',
      gradient: false,
      demand: { maps: ['affine'], samples: 'grid', perRun: VOXELS, runs: 1 },
      ...changes,
    };
    await using prepared = await backend.prepare(operation);
    const { data } = await prepared.run(map(), { samples: isList ? { points } : { size: SIZE } });
    return Array.from(data);
  };

const measureOf =
  (name: string, map: () => IndexMap, isList = false): Use =>
  async (backend) => {
    const operation: Metric = {
      kind: 'metric',
      ...{ name, options: {}, fixed: volume(0), moving: volume(0.3), derivative: true },
      fixedInterpolator: 'linear',
      movingInterpolator: 'linear',
      fixedMask: createImage(createGrid({ size: SIZE }), new Uint8Array(VOXELS).fill(1)),
      demand: { maps: ['affine'], samples: 'grid', perRun: VOXELS, runs: 1 },
    };
    await using prepared = await backend.prepare(operation);
    const run = { derivative: true, ...(isList && { points }) };
    const { value, samples, derivative } = await prepared.run(map(), run);
    return [value, samples, ...(derivative ?? [])];
  };

const USES: readonly (readonly [name: string, Use])[] = [
  ['a linear resample', resampleOf({}, () => TURN)],
  ['a gradient of a B-spline', resampleOf({ interpolator: 'bspline3', gradient: true }, freeForm)],
  ['points', resampleOf({ interpolator: 'keys-0.5' }, freeForm, true)],
  ['positions', resampleOf({ pixelType: 'float64' }, () => pointsMap(points), true)],
  ['mean squares', measureOf('mean-squares', () => TURN)],
  ['mean squares of a lattice', measureOf('mean-squares', freeForm)],
  ['normalized correlation at points', measureOf('normalized-correlation', () => TURN, true)],
  ['mutual information', measureOf('mattes-mutual-information', () => TURN)],
  ['local correlation', measureOf('local-normalized-correlation', () => TURN)],
  ['local correlation at points', measureOf('local-normalized-correlation', () => TURN, true)],
];

describe('a CUDA driver that fails at any call', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });
  beforeEach(() => driver.reset());
  afterEach(() => driver.reset());

  /** The right answer, or the error that names what happened. */
  async function attempt(
    use: Use,
    backend: Backend,
    code: 'OUT_OF_MEMORY' | 'BACKEND_FAILED',
    right: unknown,
  ) {
    try {
      assert.deepEqual(await use(backend), right);
      return 'served';
    } catch (error) {
      if (!isVoxhostError(error, code)) throw error;
      return 'refused';
    }
  }

  for (const [name, use] of USES) {
    it(`gives ${name} or OUT_OF_MEMORY, and leaves nothing behind`, async () => {
      const { held } = driver.counts();
      {
        await using backend = await createCuda();
        const begun = driver.counts().allocations;
        const right = await use(backend);
        const last = driver.counts().allocations - begun;
        assert.ok(last > 2);
        for (const OOM_COUNT of [1, 3, 1e9]) {
          for (let n = 1; n <= last; n++) {
            driver.reset();
            using _told = fakeSettings({ OOM_AT: n, OOM_COUNT });
            const outcome = await attempt(use, backend, 'OUT_OF_MEMORY', right);
            if (OOM_COUNT === 1e9) assert.equal(outcome, 'refused');
          }
        }
        driver.reset();
        assert.deepEqual(await use(backend), right);
      }
      assert.equal(driver.counts().held, held);
    });

    it(`gives ${name} or BACKEND_FAILED when the device is lost`, async () => {
      const before = driver.counts();
      const backend = await createCuda();
      const right = await use(backend);
      await backend[Symbol.asyncDispose]();
      const last = driver.counts().launches - before.launches;
      for (let n = 1; n <= last; n++) {
        driver.reset();
        const lost = await createCuda({ LOST_AT: n });
        assert.equal(await attempt(use, lost, 'BACKEND_FAILED', right), 'refused');
        // It sticks: no later call is answered wrongly.
        assert.equal(await attempt(use, lost, 'BACKEND_FAILED', right), 'refused');
        await lost[Symbol.asyncDispose]();
      }
    });
  }
});
