import assert from 'node:assert/strict';
import {
  type AffineMap,
  affineMap,
  type Backend,
  type Boundary,
  type Image,
  type Interpolator,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { affineResample, patternOf } from './affine-rows.js';
import { createCpu } from './support.js';

/** Longer than what is placed at once. */
const SIZE = [300, 5, 4] as const;
/** A unit of the fixed point in which rows are placed. */
const UNIT = 2 ** -16;

const anyType = fc.constantFrom<PixelType>('float32', 'int16', 'uint8', 'float64');
const anyBoundary = fc.constantFrom<Boundary>(
  { kind: 'buffer', value: 7 },
  { kind: 'constant', value: 7 },
  { kind: 'nearest' },
);

async function compare(
  cpu: Backend,
  source: Image,
  map: AffineMap,
  sampling: Pick<Resample, 'interpolator' | 'boundary'>,
): Promise<void> {
  const operation = affineResample(source, sampling);
  await using reference = createReference();
  const [found, expected] = await Promise.all(
    [cpu, reference].map(async (backend) => {
      await using prepared = await backend.prepare(operation);
      return (await prepared.run(map, { samples: { size: [...SIZE] } })).data;
    }),
  );
  assert.deepEqual(found, expected);
}

describe('rows of nearest under an affine, on the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const interpolator of ['nearest', 'nearest-even'] satisfies Interpolator[]) {
    it(`${interpolator}: are the reference's where positions are within units of fixed point of a tie`, async () => {
      const anyOffset = fc.integer({ min: -6, max: 6 }).map((units) => 0.5 + (units * UNIT) / 4);
      const anySlope = fc.integer({ min: -9, max: 9 }).map((units) => 1 + (units * UNIT) / 64);
      const anyCase = fc.tuple(anyOffset, anySlope, anyOffset, anyOffset, anyType, anyBoundary);
      await fc.assert(
        fc.asyncProperty(anyCase, ([x, slope, y, z, pixelType, boundary]) => {
          const map = affineMap([slope, 0, 0, x, UNIT / 256, 1, 0, y, 0, UNIT / 64, 1, z]);
          return compare(cpu, patternOf({ size: [290, 6, 5], pixelType }), map, {
            interpolator,
            boundary,
          });
        }),
        { numRuns: 40 },
      );
    });

    it(`${interpolator}: are the reference's where rows of the source are longer than fixed point counts`, async () => {
      const anyLength = fc.constantFrom(8193, 9000, 33000, 70000);
      const anyStep = fc.integer({ min: -2400, max: 2400 }).map((i) => i / 10);
      await fc.assert(
        fc.asyncProperty(anyLength, anyStep, anyType, anyBoundary, (n, step, type, boundary) => {
          const offset = n / 2 - step * (SIZE[0] / 2);
          const map = affineMap([step, 0.3, 0, offset, 0.002, 1, 0, 0, 0, 0.1, 1, 0]);
          return compare(cpu, patternOf({ size: [n, 4, 3], pixelType: type }), map, {
            interpolator,
            boundary,
          });
        }),
        { numRuns: 20 },
      );
    });

    it(`${interpolator}: end where the reference's do, also along axes on which they are flat`, async () => {
      const anyHalf = fc.integer({ min: -4, max: 12 }).map((i) => i / 2);
      const anyTurn = fc.constantFrom(0, 1e-300, 1e-14, 1e-9, -1e-3, 0.2);
      const anyCase = fc.tuple(anyHalf, anyHalf, anyHalf, anyTurn, anyTurn, anyBoundary);
      await fc.assert(
        fc.asyncProperty(anyCase, ([x, y, z, byY, byZ, boundary]) => {
          const map = affineMap([1, 0, 0, x, byY, 1, 0.5, y, byZ, -0.5, 1, z]);
          return compare(cpu, patternOf({ size: [290, 6, 5], pixelType: 'int16' }), map, {
            interpolator,
            boundary,
          });
        }),
        { numRuns: 60 },
      );
    });
  }
});
