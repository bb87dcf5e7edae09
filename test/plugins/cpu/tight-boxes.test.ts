import {
  affineMap,
  type Backend,
  type Boundary,
  type Interpolator,
  type PixelType,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { affineResample, comparePoints, patternOf } from './affine-rows.js';
import { createCpu } from './support.js';

/** Several tiles along each axis. */
const SIZE = [140, 23, 22] as const;
/** One of so many voxels is compared: a prime, so that all phases of rows and slices are met. */
const STEP = 37;

const anyCase = fc.record({
  source: fc.record({
    size: fc.tuple(
      fc.integer({ min: 20, max: 90 }),
      fc.integer({ min: 20, max: 60 }),
      fc.integer({ min: 20, max: 60 }),
    ),
    pixelType: fc.constantFrom<PixelType>('float32', 'int16', 'uint8'),
    holes: fc.boolean(),
  }),
  /** A parallelepiped of any slant, up to twice as large as the output on each axis. */
  matrix: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 9, maxLength: 9 }),
  scale: fc.constantFrom(0.2, 0.6, 1),
  boundary: fc.constantFrom<Boundary>(
    { kind: 'buffer', value: 7 },
    { kind: 'nearest' },
    { kind: 'mirror' },
    { kind: 'grid-constant', value: 7 },
  ),
});
type Case = typeof anyCase extends fc.Arbitrary<infer C> ? C : never;

/** More than 16 MiB, which are touched before they are copied. */
const FAR_SIZE = [200, 160, 140] as const;

/** The middle of the output goes to the middle of the source. */
function mapOf({ source, matrix, scale }: Case) {
  const rows = [0, 1, 2].map((r) => matrix.slice(3 * r, 3 * r + 3).map((v) => v * scale));
  return affineMap(
    rows.flatMap((row, r) => [
      ...row,
      source.size[r] / 2 - row.reduce((sum, v, i) => sum + (v * SIZE[i]) / 2, 0),
    ]),
  );
}

async function compare(cpu: Backend, interpolator: Interpolator, given: Case): Promise<void> {
  const { size, pixelType, holes } = given.source;
  const odd = holes ? { value: Number.NaN, every: 4099 } : undefined;
  const source = patternOf({ size, pixelType, odd });
  const operation = affineResample(source, { interpolator, boundary: given.boundary });
  await comparePoints(cpu, operation, mapOf(given), { size: SIZE, step: STEP });
}

describe('tiles of an affine whose rows of the source are copied as far as they are looked at, on the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const interpolator of ['nearest', 'linear'] satisfies Interpolator[]) {
    it(`${interpolator}: have the bits of points, which are read from the source itself`, async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, (given) => compare(cpu, interpolator, given)),
        { numRuns: 60 },
      );
    });
  }

  it('linear: have them too where boxes come from memory, and lie beyond the last sample or the first', async () => {
    const source = patternOf({ size: FAR_SIZE, pixelType: 'float32' });
    const operation = affineResample(source, {
      interpolator: 'linear',
      boundary: { kind: 'grid-constant', value: 7 },
    });
    for (const part of [0, 0.5, 1]) {
      const rows = [0.9, 0.3, -0.2, -0.25, 0.95, 0.2, 0.2, -0.15, 0.95];
      const matrix = [0, 1, 2].flatMap((r) => {
        const row = rows.slice(3 * r, 3 * r + 3);
        const middle = row.reduce((sum, v, i) => sum + (v * SIZE[i]) / 2, 0);
        return [...row, part * FAR_SIZE[r] - middle];
      });
      await comparePoints(cpu, operation, affineMap(matrix), { size: SIZE, step: STEP });
    }
  });
});
