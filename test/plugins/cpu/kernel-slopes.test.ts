import assert from 'node:assert/strict';
import {
  allocatePixels,
  type Backend,
  createGrid,
  createImage,
  type Image,
  type Interpolator,
  type PixelType,
  pointsMap,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createCpu } from './support.js';

const KERNELS: readonly Interpolator[] = [
  'linear',
  'bspline2',
  'bspline3',
  'bspline4',
  'bspline5',
  'keys-0.5',
  'keys-0.75',
  'lanczos3',
];

/** Noise from -1 to 1, whose coefficients of order 5 reach 100: 216 taps of those, each rounded. */
const TOLERANCE = { float32: 1e-4, float64: 1e-12 } as const;
/** Where a kernel of two cells meets: on either side of, and at, whole and half positions. */
const FRACTIONS = [0, 2 ** -30, 1e-4, 0.25, 0.5 - 1e-6, 0.5, 0.73, 1 - 1e-4, 1 - 2 ** -30];

function noise(pixelType: PixelType, size: readonly number[]): Image {
  const data = allocatePixels(
    pixelType,
    size.reduce((n, s) => n * s, 1),
  );
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(i * i * 0.731 + i);
  return createImage(createGrid({ size }), data);
}

const operationOf = (source: Image, interpolator: Interpolator, gradient = true): Resample => ({
  kind: 'resample',
  source,
  interpolator,
  boundary: { kind: 'mirror' },
  pixelType: source.pixelType,
  gradient,
  demand: { maps: ['points'], samples: 'points', perRun: 1000, runs: 1 },
});

/** Every fraction on every axis beside others, and once beyond the samples. */
function positionsIn(size: readonly number[]): Float64Array {
  const all: number[] = [];
  for (let n = 0; n < 200; n++) {
    for (const [a, length] of size.entries()) {
      const whole = (n * (a + 3) + a) % (length - 1);
      all.push(
        whole - (n % 50 === 49 ? 3 : 0) + FRACTIONS[(n * (2 * a + 1) + a) % FRACTIONS.length],
      );
    }
  }
  return Float64Array.from(all);
}

describe('slopes of the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu(1);
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const interpolator of KERNELS) {
    for (const pixelType of ['float32', 'float64'] as const) {
      for (const size of [
        [14, 13, 12],
        [17, 12],
      ]) {
        const title = `${interpolator} of ${pixelType} in ${size.length}-D`;
        const operation = operationOf(noise(pixelType, size), interpolator);
        const points = positionsIn(size);
        const map = pointsMap(points);

        it(`${title}: values and slopes are the reference's`, async () => {
          await using prepared = await cpu.prepare(operation);
          await using oracle = await createReference().prepare(operation);
          const found = (await prepared.run(map, { samples: { points } })).data;
          const expected = (await oracle.run(map, { samples: { points } })).data;
          assert.equal(found.length, expected.length);
          for (const [i, value] of found.entries()) {
            const error = Math.abs(value - expected[i]);
            assert.ok(error < TOLERANCE[pixelType], `${i}: ${value}, ${expected[i]}`);
          }
        });

        it(`${title}: values have the same bits without slopes`, async () => {
          await using withSlopes = await cpu.prepare(operation);
          await using without = await cpu.prepare({ ...operation, gradient: false });
          const found = (await withSlopes.run(map, { samples: { points } })).data;
          const values = (await without.run(map, { samples: { points } })).data;
          assert.deepEqual(found.subarray(0, values.length), values);
        });
      }
    }
  }
});
