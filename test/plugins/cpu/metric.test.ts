import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type IndexMap,
  type Interpolator,
  identityMap,
  type Metric,
  type MetricRun,
  PIXEL_TYPES,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { expectMeasured } from '#sdk/testing/metric-trial.js';
import {
  bent,
  FORMS,
  gentle,
  holes,
  image,
  LATTICE,
  mapOf,
  NAMES,
  NUMERICS,
  operationOf,
  scattered,
} from './metric-support.js';
import { createCpu } from './support.js';

const request = fc.record({
  name: fc.constantFrom(...NAMES),
  dims: fc.constantFrom(2 as const, 3 as const),
  fixedType: fc.constantFrom(...PIXEL_TYPES),
  movingType: fc.constantFrom(...PIXEL_TYPES),
  narrow: fc.boolean(),
  channels: fc.constantFrom(1, 1, 3),
  form: fc.constantFrom(...FORMS),
  atPoints: fc.boolean(),
  masks: fc.boolean(),
  holed: fc.boolean(),
  interpolator: fc.constantFrom<Interpolator>(
    'linear',
    'linear',
    'bspline3',
    'keys-0.5',
    'nearest',
  ),
  seed: fc.nat(1000),
});

type Asked = typeof request extends fc.Arbitrary<infer T> ? T : never;

function imagesOf({ dims, seed, channels, narrow, holed, ...of }: Asked): readonly [Image, Image] {
  const size = [70, 6, 5].slice(0, dims);
  const fixed = image(size, narrow ? 'float32' : of.fixedType, { seed, channels });
  const movingSize = [73, 5, 6].slice(0, dims);
  const moving = image(movingSize, narrow ? 'int16' : of.movingType, { seed: seed + 1, channels });
  const takesHoles = holed && of.interpolator !== 'bspline3';
  for (const { data, pixelType } of takesHoles ? [fixed, moving] : []) {
    if (pixelType.startsWith('float')) data[seed % data.length] = Number.NaN;
  }
  return [fixed, moving];
}

function callOf(of: Asked): {
  readonly operation: Metric;
  readonly map: IndexMap;
  readonly run: MetricRun;
} {
  const [fixed, moving] = imagesOf(of);
  const points = of.atPoints ? scattered(of.dims, 150, of.seed + 2) : undefined;
  // Positions of points say nothing of what is around them.
  const isBlind = of.name === 'local-normalized-correlation' && of.atPoints;
  const form = isBlind && of.form === 'positions' ? 'affine' : of.form;
  const count = points ? 150 : fixed.data.length / of.channels;
  const masks = {
    fixedMask: holes(fixed.grid.size, 3),
    movingMask: holes(moving.grid.size, 5),
  };
  return {
    operation: operationOf(of.name, fixed, moving, {
      movingInterpolator: of.interpolator,
      ...(of.masks && masks),
    }),
    map: mapOf(form, of.dims, { seed: of.seed, count }),
    run: { derivative: true, ...(points && { points }) },
  };
}

describe('metrics of the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  it('are the reference’s for any images, masks, maps and samples', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (of) => {
        const { operation, map, run } = callOf(of);
        await using prepared = await cpu.prepare(operation);
        await using oracle = await createReference().prepare(operation);
        const [found, expected] = [await prepared.run(map, run), await oracle.run(map, run)];
        expectMeasured(found, expected, NUMERICS, JSON.stringify(of));
        assert.deepEqual(Object.keys(found), Object.keys(expected));
      }),
      { numRuns: 120 },
    );
  });

  it('give labels apart that float32 does not tell apart', async () => {
    const labels = (first: number): Image =>
      createImage(
        createGrid({ size: [9, 3] }),
        Uint32Array.from({ length: 27 }, (_, i) => first + (i % 4)),
      );
    const operation = operationOf('label-overlap', labels(4294967291), labels(4294967292), {
      movingInterpolator: 'nearest',
    });
    await using prepared = await cpu.prepare(operation);
    await using oracle = await createReference().prepare(operation);
    const run = { derivative: false };
    assert.deepEqual(
      await prepared.run(identityMap(2), run),
      await oracle.run(identityMap(2), run),
    );
  });

  it('are 1 and flat for two empty labels, 0 and flat for constants, however far from the mean', async () => {
    const size = [9, 8, 7];
    // Constant where the samples are, something else beyond.
    const odd = (value: number): Image => {
      const { grid, data } = image(size, 'float32');
      return createImage(grid, data.map((v, i) => (i % 9 < 7 ? value : v)) as Float32Array);
    };
    const fixedMask = createImage(
      createGrid({ size }),
      Uint8Array.from({ length: 504 }, (_, i) => (i % 9 < 6 ? 1 : 0)),
    );
    const map = affineMap([1, 0, 0, 0.3, 0, 1, 0, 0.2, 0, 0, 1, 0.1]);
    for (const [name, value] of [
      ['dice', 0],
      ['normalized-correlation', 0.1],
      ['normalized-correlation', 1234567],
      ['local-normalized-correlation', 0.1],
    ] as const) {
      const images = [odd(value), odd(value)] as const;
      const operation = operationOf(name, ...images, { fixedMask, options: {} });
      await using prepared = await cpu.prepare(operation);
      const found = await prepared.run(map, { derivative: true });
      assert.equal(found.value, name === 'dice' ? -1 : 0, name);
      assert.ok(
        found.derivative?.every((slope) => slope === 0),
        name,
      );
    }
  });

  it('take the slope of the cell floor(x) at the identity, of the last cell at the end, and none beside a NaN', async () => {
    const fixed = image([70, 6, 5], 'float32');
    for (const hole of [1, Number.NaN]) {
      const moving = image([70, 6, 5], 'float32', { seed: 1 });
      moving.data[700] *= hole;
      const operation = operationOf('mean-squares', fixed, moving);
      await using prepared = await cpu.prepare(operation);
      await using oracle = await createReference().prepare(operation);
      const run = { derivative: true };
      const found = await prepared.run(identityMap(3), run);
      expectMeasured(found, await oracle.run(identityMap(3), run), NUMERICS, `times ${hole}`);
      assert.ok(found.derivative?.every(Number.isFinite));
    }
  });

  describe('have the same bits with 1, 2 and 3 threads', () => {
    const size = [130, 40, 35];
    const points = scattered(3, 3000, 5);
    const runs: readonly (readonly [string, IndexMap, Float64Array?])[] = [
      ['an affine', gentle(3, 0.1)],
      ['a lattice', bent(3, 3, { lookup: [0.04, 0, 0, 0.5, 0, 0.1, 0, 0.7, 0, 0, 0.13, 0.9] })],
      ['points', gentle(3, 0.1), points],
    ];
    for (const name of NAMES) {
      it(name, async () => {
        const operation = operationOf(
          name,
          image(size, 'float32'),
          image(size, 'float32', { seed: 1 }),
        );
        const [first, ...others] = await Promise.all(
          [1, 2, 3].map((n) => measureAll(operation, n)),
        );
        for (const other of others) assert.deepEqual(other, first);
      });
    }

    /** Value and derivative of every run, as text, which tells any two numbers apart but NaNs. */
    async function measureAll(operation: Metric, threads: number): Promise<readonly string[]> {
      await using backend = await createCpu(threads);
      await using prepared = await backend.prepare(operation);
      const found: string[] = [];
      for (const [what, map, given] of runs) {
        const run = { derivative: true, ...(given && { points: given }) };
        const { value, derivative = [] } = await prepared.run(map, run);
        found.push([what, value, ...derivative].join(' '));
      }
      return found;
    }
  });

  it('read no image again after prepare, whatever the points', async () => {
    let reads = 0;
    const counted = (base: Image): Image => ({
      ...base,
      get data() {
        reads++;
        return base.data;
      },
    });
    for (const name of NAMES) {
      const [fixed, moving] = [0, 1].map((seed) => counted(image([40, 20, 10], 'int16', { seed })));
      const operation = operationOf(name, fixed, moving, { movingInterpolator: 'bspline3' });
      await using prepared = await cpu.prepare(operation);
      reads = 0;
      const values = new Set<number>();
      for (let seed = 0; seed < 5; seed++) {
        const run = { derivative: true, points: scattered(3, 200, seed) };
        values.add((await prepared.run(gentle(3, 0.1), run)).value);
      }
      await prepared.run(gentle(3, 0.1), { derivative: true });
      assert.equal(reads, 0, name);
      assert.equal(values.size, 5, 'points were not looked at');
    }
  });

  describe('agree with central differences, of a smooth interpolant', () => {
    const size = [17, 15, 13];
    /** Of a parameter; the error of a difference is of its square. */
    const STEP = 1e-5;
    /** Relative to the largest slope: STEP² of third derivatives, and 1e-16 / STEP of rounding. */
    const NEAR = 1e-6;
    const smooth = (phase: number): Image => {
      const data = Float64Array.from({ length: 17 * 15 * 13 }, (_, i) => {
        const [x, y, z] = [i % 17, Math.floor(i / 17) % 15, Math.floor(i / 255)];
        return (
          0.5 +
          0.3 * Math.sin(0.5 * x + phase) * Math.cos(0.4 * y) +
          0.1 * Math.sin(0.7 * z + 2 * phase)
        );
      });
      return createImage(createGrid({ size }), data);
    };
    // Of no sample is it decided by a step whether it is inside.
    const fixedMask = createImage(
      createGrid({ size }),
      Uint8Array.from({ length: 17 * 15 * 13 }, (_, i) => {
        const [x, y, z] = [i % 17, Math.floor(i / 17) % 15, Math.floor(i / 255)];
        return x > 2 && x < 14 && y > 2 && y < 12 && z > 2 && z < 10 ? 1 : 0;
      }),
    );
    const inner = affineMap([
      0.97, 0.03, 0.01, 0.3, -0.02, 0.98, 0.02, 0.2, 0.01, -0.02, 0.96, 0.3,
    ]);
    const field = (over: (data: Float64Array) => void): IndexMap => {
      const data = Float64Array.from({ length: 3 * 210 }, (_, i) => 0.4 * Math.sin(1.7 * i));
      over(data);
      const lookup = [0.2, 0, 0, 1, 0, 0.15, 0, 1, 0, 0, 0.2, 1];
      return fieldMap({ lookup, lattice: { size: LATTICE, order: 3, outside: 'edge', data } });
    };
    for (const name of NAMES) {
      it(name, async () => {
        const operation = operationOf(name, smooth(0), smooth(0.4), {
          movingInterpolator: 'bspline3',
          fixedMask,
        });
        await using prepared = await cpu.prepare(operation);
        const figureOf = async (map: IndexMap): Promise<number> =>
          (await prepared.run(map, { derivative: false })).value;
        const check = async (
          map: IndexMap,
          moved: (parameter: number, by: number) => IndexMap,
          parameters: readonly number[],
        ): Promise<void> => {
          const { derivative = new Float64Array() } = await prepared.run(map, { derivative: true });
          const largest = derivative.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
          for (const at of parameters) {
            const [ahead, behind] = [
              await figureOf(moved(at, STEP)),
              await figureOf(moved(at, -STEP)),
            ];
            const difference = (ahead - behind) / (2 * STEP);
            assert.ok(
              Math.abs(difference - derivative[at]) <= NEAR * largest,
              `${at}: ${derivative[at]}, differences ${difference}, largest ${largest}`,
            );
          }
        };
        const { matrix } = inner;
        await check(
          inner,
          (at, by) => affineMap([...matrix].map((m, i) => (i === at ? m + by : m))),
          [...matrix.keys()],
        );
        await check(
          field(() => undefined),
          (at, by) =>
            field((data) => {
              data[at] += by;
            }),
          [80, 290, 500, 123],
        );
      });
    }
  });

  it('are refused with the axis that is not covered', () => {
    const small = image([4, 4, 4], 'float32');
    const refusal = (operation: Metric): string => {
      const support = cpu.supports(operation);
      return support.ok ? 'none' : support.axis;
    };
    assert.equal(refusal(operationOf('mean-squares', small, small)), 'none');
    assert.equal(refusal(operationOf('unheard-of', small, small)), 'op');
    const overlap = operationOf('label-overlap', small, small);
    assert.equal(refusal({ ...overlap, derivative: true }), 'derivative');
    const demand = { ...overlap.demand, maps: ['points'], samples: 'points' } as const;
    const local = operationOf('local-normalized-correlation', small, small, { demand });
    assert.equal(refusal(local), 'samples');
    const long = createImage(createGrid({ size: [2 ** 18 + 1, 1] }), new Uint8Array(2 ** 18 + 1));
    assert.equal(refusal(operationOf('mean-squares', long, long)), 'size');
  });
});
