import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  type Context,
  createImage,
  fieldMap,
  type Image,
  locateAll,
  outputIndices,
  pointsMap,
} from '@voxhost/sdk';
import { createImpactBackend } from '#impact/backend.js';
import type { DistanceName } from '#impact/distances/index.js';
import { createCpu } from '../cpu/support.js';
import { type OpenImpact, openImpact } from './open-impact.js';
import { imageOf, metricOf, texture } from './scenes.js';

/** Sums of float32 features in another order. */
const ROUNDING = 1e-6;
/** More than one block holds of the 12 features of MIND. */
const SIZE = [38, 37, 34];

describe('static maps over a grid of several blocks', function () {
  this.timeout(60000);
  let cpu: Backend;
  let opened: OpenImpact;
  let impact: Backend;
  /** Runs of the resampler, by whether they have slopes. */
  const runs = { values: 0, slopes: 0 };

  before(async () => {
    cpu = await createCpu(2);
    opened = openImpact();
    const prepare: Context['prepare'] = async (operation, signal) => {
      const prepared = await cpu.prepare(operation, signal);
      const hasSlopes = operation.kind === 'resample' && operation.gradient;
      return {
        run: (map, run) => {
          runs[hasSlopes ? 'slopes' : 'values'] += 1;
          return prepared.run(map, run);
        },
        [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
      };
    };
    impact = createImpactBackend({ ...opened.context, prepare });
  });
  after(async () => {
    await impact[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
    await cpu[Symbol.asyncDispose]();
  });

  const fixed = imageOf({ size: SIZE });
  const moving = imageOf({ size: [37, 38, 35] }, (p) => texture(p) * 1.2 + 4 * p[1]);
  const affine = affineMap([0.97, 0.05, 0, 1, -0.05, 1.02, 0, -1.5, 0, 0.02, 1, 0.3]);
  const field = fieldMap({
    matrix: affine.matrix,
    lookup: [0.1, 0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0.1, 0],
    lattice: {
      size: [5, 5, 5],
      order: 3,
      outside: 'edge',
      data: Float64Array.from({ length: 375 }, (_, i) => 0.4 * Math.sin(i)),
    },
  });
  const all = outputIndices({ size: SIZE }, 3);

  /** Every third column and some more are out. */
  const maskOf = ({ grid }: Image): Image =>
    createImage(
      grid,
      Uint8Array.from({ length: grid.size.reduce((n, s) => n * s, 1) }, (_, i) =>
        i % 3 === 0 || i % 1009 < 40 ? 0 : 1,
      ),
    );

  async function compare(distance: DistanceName, map: typeof affine | typeof field, more: object) {
    const options = { model: 'mind-r1d1', mode: 'static', distance };
    await using metric = await impact.prepare(
      metricOf(fixed, moving, options, {
        demand: { maps: ['affine', 'field-3'], samples: 'grid', perRun: all.length / 3, runs: 5 },
        ...more,
      }),
    );
    const listed = await metric.run(map, { derivative: true, points: all });
    Object.assign(runs, { values: 0, slopes: 0 });
    const whole = await metric.run(map, { derivative: true });
    const first = { ...runs };
    const again = await metric.run(map, { derivative: true });
    assert.ok(whole.samples > 5000 && whole.samples < all.length / 3);
    assert.equal(whole.samples, listed.samples);
    assert.ok(Math.abs(whole.value - listed.value) <= ROUNDING * Math.abs(listed.value));
    const wanted = listed.derivative ?? new Float64Array();
    const scale = wanted.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
    assert.ok(scale > 0);
    for (const [p, d] of wanted.entries()) {
      assert.ok(Math.abs((whole.derivative?.[p] ?? 0) - d) <= ROUNDING * scale, `${p}`);
    }
    assert.deepEqual([again.value, again.derivative], [whole.value, whole.derivative]);
    assert.ok(
      first.slopes > 1,
      'all channels of a block are one run, and so are those of the next',
    );
    assert.deepEqual(first, { values: first.slopes, slopes: first.slopes });
    assert.deepEqual(runs, { values: first.slopes, slopes: 2 * first.slopes });
  }

  for (const distance of ['L2', 'L1', 'Cosine', 'L1Cosine', 'Dice', 'DotProduct', 'NCC'] as const) {
    it(`${distance} is that of the points of all voxels`, async () => {
      await compare(distance, affine, {});
    });
  }

  for (const distance of ['L2', 'NCC'] as const) {
    it(`${distance} is so under a field, between masks`, async () => {
      await compare(distance, field, { fixedMask: maskOf(fixed), movingMask: maskOf(moving) });
    });
  }

  it('of many points are looked at in parts, which does not show', async () => {
    const options = { model: 'mind-r1d1', mode: 'static' };
    await using metric = await impact.prepare(metricOf(fixed, moving, options));
    const twice = new Float64Array([...all, ...all]);
    const once = await metric.run(affine, { derivative: true, points: all });
    runs.slopes = 0;
    const found = await metric.run(affine, { derivative: true, points: twice });
    assert.ok(runs.slopes > 1);
    assert.equal(found.samples, 2 * once.samples);
    assert.ok(Math.abs(found.value - once.value) <= ROUNDING * once.value);
    const wanted = once.derivative ?? new Float64Array();
    const scale = wanted.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
    for (const [p, d] of wanted.entries()) {
      assert.ok(Math.abs((found.derivative?.[p] ?? 0) - d) <= ROUNDING * scale, `${p}`);
    }
    const positions = locateAll(affine, { points: twice }, 3);
    const free = await metric.run(pointsMap(positions), { derivative: true, points: twice });
    assert.equal(free.value, found.value);
    const { derivative = new Float64Array() } = free;
    assert.equal(derivative.length, twice.length);
    assert.deepEqual(derivative.subarray(0, all.length), derivative.subarray(all.length));
    assert.ok(derivative.some((d) => d !== 0));
  });

  it('stops between blocks when it is aborted, and leaves the metric usable', async () => {
    const options = { model: 'mind-r1d1', mode: 'static' };
    await using metric = await impact.prepare(metricOf(fixed, moving, options));
    const abort = new AbortController();
    const reason = new Error('enough');
    let shares = 0;
    const running = metric.run(affine, {
      derivative: true,
      signal: abort.signal,
      progress: () => {
        shares += 1;
        abort.abort(reason);
      },
    });
    await assert.rejects(running, (error) => error === reason);
    assert.equal(shares, 1);
    const { value } = await metric.run(affine, { derivative: false });
    assert.ok(value > 0);
  });
});
