import assert from 'node:assert/strict';
import {
  affineMap,
  type Boundary,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type IndexMap,
  type Metric,
  pointsMap,
  type Resample,
  type Samples,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { then } from '#sdk/map/then.js';
import { type FakeDriver, requireFakeDriver } from '../../../support/fake-driver.js';
import { linearMetric, linearResample } from '../../../support/operations.js';
import { createCuda } from '../support.js';

const SIZE = [36, 40, 44];
const VOXELS = 36 * 40 * 44;
/** Half of the volume in float32. */
const MEMORY = 2 * VOXELS;

const volume = (size: readonly number[] = SIZE, phase = 0): Image => {
  const voxels = size.reduce((n, length) => n * length, 1);
  const data = Float32Array.from(
    { length: voxels },
    (_, i) => 100 * Math.sin(i / 5 + phase) + (i % 17),
  );
  return createImage(createGrid({ size }), data);
};
const LARGEST = 117;

/** Of a B-spline a part is filtered with 32 or 50 samples around: one axis is longer than that. */
const LONG = [12, 14, 420];
const long = { source: volume(LONG) };
/** Less than its samples take. */
const LONG_MEMORY = 3.75 * 12 * 14 * 420;

const operationOf = (changes: Partial<Resample> = {}): Resample =>
  linearResample(volume(), { boundary: { kind: 'constant', value: -5 }, ...changes });

/** Positions are nowhere whole numbers, where slopes jump. */
const generic = (matrix: readonly number[]) =>
  affineMap(matrix.map((each, i) => each + Math.sin(i + 1) / 1e5));

/** A quarter turn about x and a little more: every slice of the output looks at every slice of the source. */
const TURNED = generic([0.99, 0.02, 0.01, 0.4, 0.01, 0.05, -0.9, 39, -0.02, 1.05, 0.04, 0.3]);
const SLANTED = generic([0.98, 0.1, 0, 1.5, -0.1, 0.97, 0, 1, 0, -0.06, 0.9, 2.25]);

const lattice = (size: readonly number[], order: 1 | 3, amount: number) => ({
  size,
  order,
  outside: 'edge' as const,
  data: Float32Array.from(
    { length: 3 * size.reduce((n, length) => n * length, 1) },
    (_, i) => amount * Math.sin(i * 1.7),
  ),
});
/** A displacement for every voxel: three times the volume. */
const DENSE = fieldMap({ lattice: lattice(SIZE, 1, 2) });
const CUBIC = fieldMap({
  lookup: [0.2, 0, 0, 1, 0, 0.2, 0, 1, 0, 0, 0.2, 1],
  lattice: lattice([11, 11, 12], 3, 3),
});

/** Amid the slices, and beyond the rows and columns. */
const AMID = generic([0.98, 0.1, 0, 1.5, -0.1, 0.97, 0, 1, 0, -0.06, 0.8, 40]);

const longPoints = Float64Array.from(
  { length: 3 * 900 },
  (_, i) => ((i * 7919) % 4301) / (i % 3 === 2 ? 10 : 300) - 1,
);
const points = Float64Array.from({ length: 3 * 900 }, (_, i) => ((i * 7919) % 4301) / 100 - 1);

interface Case {
  readonly name: string;
  readonly map: IndexMap;
  readonly changes?: Partial<Resample>;
  readonly samples?: Samples;
  readonly memory?: number;
}

/** Of an output as large as the long source. */
const LONG_CASE = { samples: { size: LONG }, memory: LONG_MEMORY };

const boundary = (kind: Boundary['kind']): Boundary => ({ kind }) as Boundary;

const CASES: readonly Case[] = [
  { name: 'a quarter turn', map: TURNED },
  { name: 'a gradient', map: TURNED, changes: { gradient: true } },
  { name: 'a dense field', map: DENSE },
  { name: 'a cubic field', map: CUBIC },
  { name: 'a sequence', map: then(CUBIC, then(SLANTED, DENSE)) },
  {
    name: 'a cubic B-spline',
    map: SLANTED,
    changes: { ...long, interpolator: 'bspline3' },
    ...LONG_CASE,
  },
  {
    name: 'a B-spline of order 5',
    map: SLANTED,
    changes: { ...long, interpolator: 'bspline5', boundary: boundary('mirror') },
    ...LONG_CASE,
    memory: 1.5 * LONG_MEMORY,
  },
  {
    name: 'a B-spline that goes on by its edge',
    map: SLANTED,
    changes: { ...long, interpolator: 'bspline3', boundary: boundary('nearest') },
    ...LONG_CASE,
    memory: 8 * LONG_MEMORY, // 12 samples of edge on either side make it as many times larger
  },
  {
    name: 'a B-spline that goes round',
    map: AMID,
    changes: { ...long, interpolator: 'bspline3', boundary: boundary('grid-wrap') },
    ...LONG_CASE,
  },
  {
    name: 'a wide kernel that is reflected',
    map: DENSE,
    changes: { interpolator: 'lanczos3', boundary: boundary('reflect') },
  },
  { name: 'points through a field', map: CUBIC, samples: { points } },
  {
    name: 'positions in no order',
    map: pointsMap(longPoints),
    samples: { points: longPoints },
    changes: { ...long, interpolator: 'bspline3', boundary: boundary('mirror') },
    memory: LONG_MEMORY,
  },
];

/** What capabilities.ts states of linear and of other kernels, of the largest value or slope. */
const RELATIVE = { linear: 2e-6, other: 2.5e-4 };

describe('a volume that a CUDA device has no room for', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  for (const { name, map, changes, samples = { size: SIZE }, memory = MEMORY } of CASES) {
    it(`goes there in parts for ${name}`, async () => {
      const operation = operationOf(changes);
      const { held } = driver.counts();
      const inParts = await resampled(operation, map, samples, memory);
      assert.equal(driver.counts().held, held);
      assert.ok(inParts.launches > 2, `${inParts.launches}`);
      const { data } = await resampled(operation, map, samples);
      assert.deepEqual(inParts.data, data);
      await using reference = await createReference().prepare(operation);
      const expected = await reference.run(map, { samples });
      const relative = operation.interpolator === 'linear' ? RELATIVE.linear : RELATIVE.other;
      let worst = 0;
      for (const [i, value] of expected.data.entries())
        worst = Math.max(worst, Math.abs(value - data[i]));
      assert.ok(worst <= relative * 2 * LARGEST, `${worst}`);
    });
  }

  async function resampled(
    operation: Resample,
    map: IndexMap,
    samples: Samples,
    memory?: number,
  ): Promise<{ readonly data: ArrayLike<number>; readonly launches: number }> {
    const before = driver.counts();
    await using backend = await createCuda(memory === undefined ? {} : { MEMORY: memory });
    const support = backend.supports(operation);
    assert.ok(support.ok && support.memory.prepare <= (memory ?? Number.POSITIVE_INFINITY));
    await using prepared = await backend.prepare(operation);
    const { data } = await prepared.run(map, { samples });
    return { data, launches: driver.counts().launches - before.launches };
  }

  it('is too large even so where there is room for nothing', async () => {
    await using backend = await createCuda({ MEMORY: 2048 });
    await using prepared = await backend.prepare(operationOf());
    await assert.rejects(prepared.run(TURNED, { samples: { size: SIZE } }), {
      code: 'OUT_OF_MEMORY',
    });
  });
});

const METRIC_SIZE = [16, 15, 200];
const SAMPLES = 16 * 15 * 200;

const metricOf = (name: string, changes?: Partial<Metric>): Metric => {
  const images = { fixed: volume(METRIC_SIZE), moving: volume(METRIC_SIZE, 0.4) };
  return linearMetric(name, images, changes);
};

describe('a metric of volumes that a CUDA device has no room for', () => {
  let driver: FakeDriver;

  before(function () {
    driver = requireFakeDriver(this);
  });

  const WAVES = fieldMap({ lattice: lattice(METRIC_SIZE, 1, 2) });
  const mask = createImage(
    createGrid({ size: METRIC_SIZE }),
    Uint8Array.from({ length: SAMPLES }, (_, i) => (i % 5 === 0 ? 0 : 1)),
  );
  /** Bytes that the device has for each sample. */
  const cases: readonly [name: string, Metric, IndexMap, bytes: number][] = [
    ['mean squares', metricOf('mean-squares'), SLANTED, 7],
    ['a free-form deformation', metricOf('mean-squares'), CUBIC, 7],
    ['a field', metricOf('normalized-correlation', { movingMask: mask }), WAVES, 40], // 24 are its derivative
    ['mutual information', metricOf('mattes-mutual-information', { fixedMask: mask }), SLANTED, 7],
    ['local correlation', metricOf('local-normalized-correlation'), SLANTED, 30], // ten slices of 144
    ['positions of the grid', metricOf('mean-squares'), pointsMap(gridPositions()), 7],
  ];
  for (const [name, operation, map, bytes] of cases) {
    it(`samples them in parts: ${name}, the same bits`, async () => {
      const { held } = driver.counts();
      const inParts = await measured(operation, map, bytes * SAMPLES);
      const atOnce = await measured(operation, map);
      assert.ok(inParts.launches > atOnce.launches, `${inParts.launches}, ${atOnce.launches}`);
      assert.deepEqual(inParts.found, atOnce.found);
      assert.equal(driver.counts().held, held);
    });
  }

  async function measured(operation: Metric, map: IndexMap, memory?: number) {
    const before = driver.counts();
    await using backend = await createCuda(memory === undefined ? {} : { MEMORY: memory });
    await using prepared = await backend.prepare(operation);
    const found = await prepared.run(map, { derivative: true });
    return { found, launches: driver.counts().launches - before.launches };
  }

  it('is refused for points, which look at all of them, by name of the axis', async () => {
    await using backend = await createCuda({ MEMORY });
    const demand = { maps: ['affine'], samples: 'points', perRun: 1000, runs: 1 } as const;
    const support = backend.supports(metricOf('mean-squares', { demand }));
    assert.ok(!support.ok && support.axis === 'memory', JSON.stringify(support));
  });
});

function gridPositions(): Float64Array {
  const positions = new Float64Array(3 * SAMPLES);
  const [nx, ny] = METRIC_SIZE;
  for (let n = 0; n < SAMPLES; n++) {
    positions[3 * n] = (n % nx) + 0.25;
    positions[3 * n + 1] = Math.floor(n / nx) % ny;
    positions[3 * n + 2] = Math.floor(n / (nx * ny)) - 0.5;
  }
  return positions;
}
