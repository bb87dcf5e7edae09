import assert from 'node:assert/strict';
import {
  affineMap,
  type Context,
  fieldMap,
  type IndexMap,
  identityMap,
  isVoxhostError,
  type Json,
  type Measured,
  type Operation,
  pointsMap,
  sequenceMap,
} from '@voxhost/sdk';
import { createImpactBackend } from '#impact/backend.js';
import { DISTANCE_NAMES } from '#impact/distances/index.js';
import { openImpact } from './open-impact.js';
import {
  imageOf,
  type ModelFolder,
  metricOf,
  modelFolder,
  pointsIn,
  smoothNetwork,
  texture,
} from './scenes.js';

/** Central differences of a float32 network: 1e-7 of the value over the step, against derivatives of about 1e-2. */
const STEP = 3e-4;
const DIFFERENCES = 2e-2;

/** Cotangents go to the network in float32. */
const ROUNDING = 1e-5;

const OBLIQUE = [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1];
const fixed = imageOf({ size: [14, 12, 13], spacing: [1.5, 1.7, 1.6], direction: OBLIQUE });
const moving = imageOf(
  { size: [13, 15, 12], spacing: [1.6, 1.5, 1.8], origin: [-1, 0.5, -0.5], direction: OBLIQUE },
  (p) => 0.8 * texture(p) + 5 + 20 * Math.sin(0.21 * p[0] - 0.4 * p[1]),
);
const start = affineMap([0.97, 0.03, 0.01, 0.6, -0.02, 1.01, 0.02, 0.4, 0.01, -0.01, 0.9, 0.5]);

/** The map with one free parameter changed. */
function moved(map: IndexMap, parameter: number, by: number): IndexMap {
  if (map.kind === 'affine') {
    const matrix = map.matrix.slice();
    matrix[parameter] += by;
    return affineMap(matrix);
  }
  if (map.kind === 'field') {
    const data = Float64Array.from(map.lattice.data);
    data[parameter] += by;
    return fieldMap({ ...map, lattice: { ...map.lattice, data } });
  }
  if (map.kind !== 'points') throw new Error('a sequence has no parameters of its own');
  const positions = map.positions.slice();
  positions[parameter] += by;
  return pointsMap(positions);
}

async function assertDerivative(
  run: (map: IndexMap) => Promise<Measured>,
  map: IndexMap,
  parameters: readonly number[],
): Promise<void> {
  const { derivative } = await run(map);
  assert.ok(derivative !== undefined);
  const scale = Math.max(...parameters.map((p) => Math.abs(derivative[p])));
  assert.ok(scale > 0);
  for (const p of parameters) {
    const up = await run(moved(map, p, STEP));
    const down = await run(moved(map, p, -STEP));
    const difference = (up.value - down.value) / (2 * STEP);
    const error = Math.abs(difference - derivative[p]);
    assert.ok(
      error <= DIFFERENCES * scale,
      `${p}: ${derivative[p]}, differences say ${difference}`,
    );
  }
}

const everyMatrixElement = Array.from({ length: 12 }, (_, p) => p);
const translations = [3, 7, 11];

describe('the IMPACT metric', function () {
  this.timeout(60000);
  let models: ModelFolder;
  let model: string;
  before(async () => {
    models = await modelFolder();
    model = await models.write('smooth', smoothNetwork(3));
  });
  after(() => models[Symbol.asyncDispose]());

  for (const distance of DISTANCE_NAMES) {
    for (const mode of ['static', 'jacobian'] as const) {
      it(`${distance} in mode ${mode} has the derivative that differences find`, async () => {
        await using impact = openImpact();
        const outputs = distance === 'Dice' ? [1] : [0, 1]; // the one that is positive
        const options = {
          mode,
          model,
          outputs,
          distance,
          voxelSize: 1.5,
          exactPatchJacobian: true,
        };
        const count = distance === 'L1' ? 5 : 12; // few, so that no feature meets its kink within a step
        const points = pointsIn(fixed, count, 3.5);
        await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
        const run = (map: IndexMap) => metric.run(map, { points, derivative: true });
        await assertDerivative(run, start, everyMatrixElement);
      });
    }
  }

  it('differentiates fields, and points in mode static', async () => {
    await using impact = openImpact();
    const points = pointsIn(fixed, 10, 3.5);
    const lattice = {
      size: [4, 4, 4],
      order: 3,
      outside: 'edge',
      data: Float64Array.from({ length: 192 }, (_, i) => 0.3 * Math.sin(i)),
    } as const;
    const lookup = [0.25, 0, 0, 0, 0, 0.25, 0, 0, 0, 0, 0.25, 0];
    const field = fieldMap({ lattice, lookup, matrix: start.matrix });
    const places = pointsMap(points.map((p, i) => p * 0.9 + (i % 3) * 0.2));
    for (const mode of ['static', 'jacobian'] as const) {
      const options = { mode, model, voxelSize: 1.5, exactPatchJacobian: true };
      await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
      const run = (map: IndexMap) => metric.run(map, { points, derivative: true });
      await assertDerivative(run, field, [21, 22, 85, 86, 149, 150]);
      if (mode === 'static') await assertDerivative(run, places, [0, 1, 2, 10, 20, 29]);
      else
        await assert.rejects(
          run(places),
          (e) => isVoxhostError(e, 'BAD_ARGUMENT') && /static/.test(e.message),
        );
      const both = sequenceMap([field, field]);
      const { value, derivative } = await run(both);
      assert.ok(Number.isFinite(value));
      assert.equal(derivative, undefined);
    }
  });

  it('at the centre of patches is exact for translations', async () => {
    await using impact = openImpact();
    const points = pointsIn(fixed, 12, 3.5);
    const metricAt = metricOf(fixed, moving, { model, voxelSize: 1.5 });
    await using metric = await impact.backend.prepare(metricAt);
    const run = (map: IndexMap) => metric.run(map, { points, derivative: true });
    await assertDerivative(run, identityMap(3), translations);
  });

  it('combines layers, models, weights and scales as their weighted sum', async () => {
    await using impact = openImpact();
    const points = pointsIn(fixed, 12, 4.5);
    const measure = async (options: Json, scales?: number[]) => {
      await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
      const more = scales && { options: { scales } };
      return await metric.run(start, { points, derivative: true, ...more });
    };
    const geometry = { voxelSize: 1.5, patchSize: 5 };
    for (const mode of ['static', 'jacobian']) {
      const one = (outputs: number, distance: string) =>
        measure({ mode, model, outputs, distance, ...geometry });
      const parts = [await one(0, 'L2'), await one(1, 'NCC'), await one(0, 'Cosine')];
      const all = await measure(
        {
          mode,
          models: [
            { model, ...geometry },
            { model, outputs: [0], ...geometry },
          ],
          layers: [
            { distance: 'L2', weight: 2 },
            { distance: 'NCC', weight: -0.5 },
            { distance: 'Cosine' },
          ],
        },
        [3, 1, 0.25],
      );
      const factors = [6, -0.5, 0.25];
      const sum = (pick: (m: Measured) => number) =>
        parts.reduce((s, part, k) => s + factors[k] * pick(part), 0);
      assert.ok(Math.abs(all.value - sum((m) => m.value)) < 1e-6);
      for (let p = 0; p < 12; p++) {
        const wanted = sum((m) => m.derivative?.[p] ?? Number.NaN);
        assert.ok(Math.abs((all.derivative?.[p] ?? Number.NaN) - wanted) < 1e-5, `${mode} ${p}`);
      }
    }
  });

  it('says which scales make the value of L1 and L2 layers start at 1', async () => {
    await using impact = openImpact();
    const points = pointsIn(fixed, 9, 3.5);
    await using metric = await impact.backend.prepare(
      metricOf(fixed, moving, { model, outputs: 0, distance: 'L1' }),
    );
    const first = await metric.run(start, { points, derivative: true });
    const { scales } = first.details as { scales: number[] };
    const again = await metric.run(start, { points, derivative: true, options: { scales } });
    assert.ok(Math.abs(again.value - 1) < 1e-12);
    const ratio = (again.derivative?.[3] ?? 0) / (first.derivative?.[3] ?? 1);
    assert.ok(Math.abs(ratio - scales[0]) < ROUNDING * scales[0]);
  });

  it('draws channels by the seed: same call, same bits; a draw can be handed to another run', async () => {
    await using impact = openImpact();
    const points = pointsIn(fixed, 9, 3.5);
    for (const mode of ['static', 'jacobian']) {
      const options = { mode, model, outputs: 0, subset: 2 };
      await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
      const run = (seed: number, more: object = {}) =>
        metric.run(start, { points, derivative: true, options: { seed, ...more } });
      const draws = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => run(seed)));
      const subsets = draws.map((d) => (d.details as { subset: number[][] }).subset);
      assert.ok(new Set(subsets.map((s) => `${s}`)).size > 1);
      assert.ok(subsets.every(([channels]) => channels.length === 2));
      const again = await run(3);
      assert.equal(again.value, draws[2].value);
      assert.deepEqual(again.derivative, draws[2].derivative);
      const handed = await run(99, { subset: subsets[2] });
      assert.equal(handed.value, draws[2].value);
    }
  });

  it('counts what is valid: masks, buffer, and every voxel of a patch', async () => {
    await using impact = openImpact();
    const left = imageOf({ ...fixed.grid }, (p) => (p[0] < 4 ? 1 : 0));
    const points = pointsIn(fixed, 40, 0);
    const count = async (options: Json, more: object = {}) => {
      await using metric = await impact.backend.prepare(metricOf(fixed, fixed, options, more));
      return (await metric.run(identityMap(3), { points, derivative: false })).samples;
    };
    const options = { mode: 'static', model, outputs: 0 };
    assert.equal(await count(options), 40);
    const inFixed = await count(options, { fixedMask: left });
    assert.ok(inFixed > 0 && inFixed < 40);
    assert.equal(await count(options, { movingMask: left }), inFixed);
    const jacobian = { model, outputs: 0, voxelSize: [1.5, 1.7, 1.6], patchSize: 3 };
    const whole = await count(jacobian);
    assert.ok(whole > 0 && whole < 40, 'a patch over the edge does not count');
    const masked = await count(jacobian, { movingMask: left });
    assert.ok(masked < whole && masked < inFixed);
  });

  it('without a valid sample is not a number, with a derivative of zeros', async () => {
    await using impact = openImpact();
    const away = affineMap([1, 0, 0, 99, 0, 1, 0, 0, 0, 0, 1, 0]);
    for (const mode of ['static', 'jacobian']) {
      await using metric = await impact.backend.prepare(metricOf(fixed, moving, { mode, model }));
      const { value, samples, derivative } = await metric.run(away, {
        points: pointsIn(fixed, 5, 4),
        derivative: true,
      });
      assert.ok(Number.isNaN(value));
      assert.equal(samples, 0);
      assert.deepEqual(derivative, new Float64Array(12));
    }
  });

  it('takes one resampler run for each kind of patch, and one per map', async () => {
    await using impact = openImpact();
    const counts = new Map<string, number>();
    const prepare: Context['prepare'] = async (operation, signal) => {
      const prepared = await impact.context.prepare(operation, signal);
      const key = keyOf(operation);
      return {
        run: (map, run) => {
          counts.set(key, (counts.get(key) ?? 0) + 1);
          return prepared.run(map, run);
        },
        [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
      };
    };
    await using backend = createImpactBackend({ ...impact.context, prepare });
    for (const mode of ['static', 'jacobian'] as const) {
      const options = {
        mode,
        models: [{ model }, { model: 'mind-r1d1' }],
        voxelSize: 1.5,
      };
      const { voxelSize, ...plain } = options;
      assert.equal(voxelSize, 1.5);
      await using metric = await backend.prepare(metricOf(fixed, moving, plain));
      counts.clear();
      await metric.run(start, { points: pointsIn(fixed, 300, 4.5), derivative: true });
      const wanted =
        mode === 'static'
          ? {
              'float32 3': 1,
              'float32 2': 1,
              'float32 12': 1,
              'float32 3 gradient': 1,
              'float32 2 gradient': 1,
              'float32 12 gradient': 1,
            }
          : { 'float32 1': 1, 'float32 1 gradient': 1, 'uint8 1': 1 };
      assert.deepEqual(
        Object.fromEntries([...counts].sort()),
        Object.fromEntries(Object.entries(wanted).sort()),
      );
    }
  });

  it('does not depend on how many threads compute', async () => {
    const points = pointsIn(fixed, 200, 3.5);
    const answers: Measured[] = [];
    for (const threads of [1, 2]) {
      await using impact = openImpact(threads);
      await using metric = await impact.backend.prepare(
        metricOf(fixed, moving, { model, distance: 'NCC' }),
      );
      answers.push(await metric.run(start, { points, derivative: true }));
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  it('draws points where a run names none, by the seed, and tells how far it is', async () => {
    for (const mode of ['static', 'jacobian']) {
      await using impact = openImpact();
      const options = {
        mode,
        model,
        voxelSize: 1.5,
        samples: 600,
        patchSize: mode === 'static' ? 0 : 3,
      };
      await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
      const shares: number[] = [];
      const run = (seed: number) =>
        metric.run(start, {
          derivative: true,
          options: { seed },
          progress: (share) => void shares.push(share),
        });
      const [one, again, other] = [await run(1), await run(1), await run(2)];
      assert.ok(one.samples > 100 && one.samples <= 600);
      assert.deepEqual([again.value, again.derivative], [one.value, one.derivative]);
      assert.notEqual(other.value, one.value);
      assert.ok(shares.length >= 6 && shares.every((s) => s > 0 && s <= 1), `${shares}`);
    }
  });

  it('leaves the metric usable after an abort', async () => {
    await using impact = openImpact();
    await using metric = await impact.backend.prepare(metricOf(fixed, moving, { model }));
    const points = pointsIn(fixed, 400, 3.5);
    const abort = new AbortController();
    const reason = new Error('enough');
    const running = metric.run(start, { points, derivative: true, signal: abort.signal });
    setTimeout(() => abort.abort(reason), 5);
    await assert.rejects(running, (error) => error === reason);
    const { value } = await metric.run(start, { points: points.slice(0, 30), derivative: true });
    assert.ok(Number.isFinite(value));
  });

  it('recovers a translation in two levels, static maps made where the images are', async () => {
    const shift = 3;
    const shifted = imageOf({ size: [22, 22, 22] }, (p) => texture([p[0] - shift, p[1], p[2]]));
    const still = imageOf({ size: [22, 22, 22] });
    await using impact = openImpact();
    let found = 0;
    for (const voxelSize of [2, 1]) {
      const options = { mode: 'static', model: 'mind-r1d1', voxelSize };
      await using metric = await impact.backend.prepare(metricOf(still, shifted, options));
      const points = pointsIn(still, 300, 4);
      for (let step = 0; step < 25; step++) {
        const map = affineMap([1, 0, 0, found, 0, 1, 0, 0, 0, 0, 1, 0]);
        const { derivative } = await metric.run(map, { points, derivative: true });
        const slope = derivative?.[3] ?? 0;
        found -= Math.sign(slope) * Math.min(0.5 * 0.9 ** step, 20 * Math.abs(slope));
      }
    }
    assert.ok(Math.abs(found - shift) < 0.15, `found ${found}`);
  });
});

const keyOf = (operation: Operation): string =>
  operation.kind === 'resample'
    ? `${operation.pixelType} ${operation.source.channels}${operation.gradient ? ' gradient' : ''}`
    : 'metric';
