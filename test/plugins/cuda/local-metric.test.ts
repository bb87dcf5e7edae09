import assert from 'node:assert/strict';
import {
  affineMap,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type IndexMap,
  type Json,
  type Measured,
  type Metric,
  type MetricRun,
  pointsMap,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { needsFakeDriver } from '../../support/fake-driver.js';
import { linearMetric } from '../../support/operations.js';
import { createCuda } from './support.js';

const voxels = (size: readonly number[]): number => size.reduce((n, length) => n * length, 1);

/** Rough at every voxel, so that windows differ; `channels` are different too. */
const rough = (size: readonly number[], phase: number, channels = 1): Image =>
  createImage(
    createGrid({ size }),
    Float32Array.from(
      { length: voxels(size) * channels },
      (_, i) => 1000 + 40 * Math.sin(i / 3 + phase) + 9 * Math.sin(i * i + phase),
    ),
    channels,
  );

/** Two of three voxels, in slanted stripes. */
const stripes = (size: readonly number[], shift: number): Image =>
  createImage(
    createGrid({ size }),
    Uint8Array.from({ length: voxels(size) }, (_, i) => ((i + shift) % 3 === 0 ? 0 : 1)),
  );

const metricOf = (size: readonly number[], radius: Json, changes: Partial<Metric> = {}): Metric => {
  const images = { fixed: rough(size, 0), moving: rough(size, 0.4) };
  const options = { radius };
  return linearMetric('local-normalized-correlation', images, { options, ...changes });
};

const TURN = affineMap([0.99, 0.05, 0, 0.3, -0.05, 0.98, 0.02, 0.7, 0, -0.02, 1.01, -0.4]);
const FLAT_TURN = affineMap([0.99, 0.05, 0.3, -0.05, 0.98, 0.7]);
const SIZE = [11, 9, 8];

/** What float64 leaves of deviations of which the squares are a millionth of those of the values: 2^-53 · 10^6, and sums. */
const RELATIVE = 1e-9;

/** Of the derivative by an affine of volumes, where what each window says of slopes is float32: 2^-24, of a few hundred. */
const SLOPES_RELATIVE = 2 ** -24;

function expectClose(
  found: ArrayLike<number>,
  right: ArrayLike<number>,
  relative = RELATIVE,
): void {
  assert.equal(found.length, right.length);
  const largest = Array.from(right).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  for (let i = 0; i < right.length; i++)
    assert.ok(
      Object.is(found[i], right[i]) || Math.abs(found[i] - right[i]) <= relative * largest,
      `${i}: ${found[i]}, ${right[i]}`,
    );
}

/** Runs it twice on the device, which gives the same bits, and once on the reference, whose result it returns. */
async function expectReference(
  operation: Metric,
  map: IndexMap,
  run: MetricRun = { derivative: true },
): Promise<Measured> {
  await using backend = await createCuda();
  await using prepared = await backend.prepare(operation);
  await using reference = await createReference().prepare(operation);
  const found = await prepared.run(map, run);
  const right = await reference.run(map, run);
  assert.equal(found.samples, right.samples);
  expectClose([found.value], [right.value]);
  const isPair = map.kind === 'affine' && operation.fixed.grid.size.length === 3;
  const relative = isPair ? SLOPES_RELATIVE : RELATIVE;
  expectClose(found.derivative ?? [], right.derivative ?? [Number.NaN], relative);
  assert.deepEqual(await prepared.run(map, run), found);
  const { derivative: _, ...value } = found;
  assert.deepEqual(await prepared.run(map, { ...run, derivative: false }), value);
  return right;
}

const isLess = (a: number, b: number): void => assert.ok(a < b, `${a}, ${b}`);

describe('local normalized correlation on a CUDA device', () => {
  needsFakeDriver();

  for (const radius of [0, 1, 2, [2, 0, 1], 50])
    it(`is the reference's in a volume with radius ${JSON.stringify(radius)}`, async () => {
      await expectReference(metricOf(SIZE, radius), TURN);
    });

  for (const radius of [1, [0, 3]])
    it(`is the reference's in a picture with radius ${JSON.stringify(radius)}`, async () => {
      await expectReference(metricOf([13, 17], radius), FLAT_TURN);
    });

  it('compares what both masks have, of every channel', async () => {
    const masks = { fixedMask: stripes(SIZE, 0), movingMask: stripes(SIZE, 1) };
    const images = { fixed: rough(SIZE, 0, 2), moving: rough(SIZE, 0.4, 2) };
    const all = await expectReference(metricOf(SIZE, 1, images), TURN);
    const { samples } = await expectReference(metricOf(SIZE, 1, { ...masks, ...images }), TURN);
    isLess(samples, all.samples);
  });

  it('has no figure in windows where an image is constant, of whatever value', async () => {
    const fixed = rough(SIZE, 0);
    const half = voxels(SIZE) / 2;
    const data = Float32Array.from(fixed.data, (value, i) => (i < half ? 12345.678 : value));
    const partly = createImage(fixed.grid, data);
    const full = await expectReference(metricOf(SIZE, 1), TURN);
    const less = await expectReference(metricOf(SIZE, 1, { moving: partly, fixed }), TURN);
    assert.notEqual(full.value, less.value);
    const blank = createImage(fixed.grid, new Float32Array(fixed.data.length).fill(0.1));
    const none = await expectReference(metricOf(SIZE, 1, { fixed: blank }), TURN);
    assert.equal(none.value, 0);
    // Weights of Keys add up to 1 but for rounding, which is no structure.
    const cubic = metricOf(SIZE, 1, { moving: blank, movingInterpolator: 'keys-0.5' });
    assert.equal((await expectReference(cubic, TURN)).value, 0);
  });

  it('measures nothing where the images do not meet', async () => {
    const away = affineMap([1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0]);
    const { samples } = await expectReference(metricOf(SIZE, 1), away);
    assert.equal(samples, 0);
  });

  it('has the derivative by a lattice and by the positions of the grid', async () => {
    const lattice = fieldMap({
      lookup: [0.4, 0, 0, 1, 0, 0.4, 0, 1, 0, 0, 0.4, 1],
      lattice: {
        size: [8, 7, 7],
        order: 3,
        outside: 'edge',
        data: Float64Array.from({ length: 3 * 392 }, (_, i) => Math.sin(i * 1.3) / 2),
      },
    });
    await expectReference(metricOf(SIZE, 1), lattice);
    const positions = Float64Array.from({ length: 3 * voxels(SIZE) }, (_, i) => (i * 0.37) % 8);
    await expectReference(metricOf(SIZE, 1), pointsMap(positions));
  });

  it('compares what is around points, voxel by voxel', async () => {
    const demand = { maps: ['affine'], samples: 'points', perRun: 60, runs: 1 } as const;
    const points = Float64Array.from({ length: 180 }, (_, i) => ((i * 37) % 79) / 10);
    const masks = { fixedMask: stripes(SIZE, 0) };
    const run = { points, derivative: true };
    for (const radius of [0, 1, [2, 0, 1]])
      await expectReference(metricOf(SIZE, radius, { demand, ...masks }), TURN, run);
    const picture = metricOf([13, 17], [1, 2], { demand });
    await expectReference(picture, FLAT_TURN, {
      points: points.map((x) => x * 1.5),
      derivative: true,
    });
  });

  it('refuses points for points, which say nothing of what is around', async () => {
    await using backend = await createCuda();
    await using prepared = await backend.prepare(metricOf(SIZE, 1));
    for (const points of [Float64Array.of(1, 2, 3), new Float64Array(0)])
      await assert.rejects(prepared.run(pointsMap(points), { points, derivative: false }), {
        code: 'BAD_ARGUMENT',
      });
  });
});
