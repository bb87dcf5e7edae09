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

const BOUNDARIES: readonly Boundary[] = [
  { kind: 'nearest' },
  { kind: 'mirror' },
  { kind: 'reflect' },
  { kind: 'wrap' },
  { kind: 'grid-wrap' },
  { kind: 'grid-constant', value: 7 },
  { kind: 'buffer', value: 7 },
  { kind: 'constant', value: 7 },
];

/** Two tiles along each axis, and a few rows of which all voxels are compared. */
const TILES: readonly number[] = [130, 22, 21];
const ROWS: readonly number[] = [140, 5, 3];
/** Of tiles one of so many voxels is compared: a prime, so that all phases of rows and slices are met. */
const STEP = 11;

/** Down to one sample, so that a row may run through several periods; with what only the order of operations tells apart. */
const anySource = fc.record({
  size: fc.tuple(
    fc.integer({ min: 1, max: 120 }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 30 }),
  ),
  pixelType: fc.constantFrom<PixelType>('float32', 'int16', 'uint8', 'float64'),
  odd: fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, -0),
});

const slopes = (one: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof({ arbitrary: one, weight: 4 }, fc.constant(0)), {
    minLength: 9,
    maxLength: 9,
  });

/** In eighths and tenths many positions are ties, before or after they are folded. */
const anySlopes = fc.oneof(
  slopes(fc.double({ min: -0.9, max: 0.9, noNaN: true })),
  slopes(fc.integer({ min: -12, max: 12 }).map((i) => i / 8)),
  slopes(fc.integer({ min: -12, max: 12 }).map((i) => i / 10)),
);

const anyCase = fc.record({
  source: anySource,
  matrix: anySlopes,
  /** Of the middle of the output, from that of the source, in eighths. */
  offset: fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 3, maxLength: 3 }),
  /** The default more often than any other. */
  boundary: fc.oneof(fc.constant<Boundary>({ kind: 'nearest' }), fc.constantFrom(...BOUNDARIES)),
});
type Case = typeof anyCase extends fc.Arbitrary<infer C> ? C : never;

/** In quarters rows meet many ties, and near the samples they fold no more than once. */
const anyTie = fc
  .tuple(
    anyCase,
    slopes(fc.integer({ min: -3, max: 3 }).map((i) => i / 4)),
    fc.constantFrom(...BOUNDARIES),
  )
  .map(([{ source, offset }, matrix, boundary]) => ({
    source,
    matrix,
    offset: offset.map((eighths) => Math.trunc(eighths / 8)),
    boundary,
  }));

function mapOf({ source, matrix, offset }: Case, size: readonly number[]) {
  const rows = [0, 1, 2].map((r) => matrix.slice(3 * r, 3 * r + 3));
  return affineMap(
    rows.flatMap((row, r) => {
      const middle = row.reduce((sum, v, i) => sum + (v * size[i]) / 2, 0);
      const from = source.size[r] / 2 - middle + offset[r] / 8;
      return [...row, Math.round(from * 8) / 8];
    }),
  );
}

async function compare(
  cpu: Backend,
  interpolator: Interpolator,
  given: Case,
  size = TILES,
): Promise<void> {
  const { size: extent, pixelType, odd } = given.source;
  const source = patternOf({
    size: extent,
    pixelType,
    odd: odd === undefined ? undefined : { value: odd, every: 211 },
  });
  const operation = affineResample(source, { interpolator, boundary: given.boundary });
  const step = size === TILES ? STEP : 1;
  await comparePoints(cpu, operation, mapOf(given, size), { size, step });
}

describe('voxels of an affine beyond the samples, on the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const interpolator of ['nearest', 'nearest-even', 'linear'] satisfies Interpolator[]) {
    it(`${interpolator}: have the bits of points, whatever the boundary and however far off`, async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, (given) => compare(cpu, interpolator, given)),
        { numRuns: 150 },
      );
    });
  }

  for (const interpolator of ['nearest', 'nearest-even'] satisfies Interpolator[]) {
    it(`${interpolator}: have the bits of points on ties, which are folded before they are rounded`, async () => {
      await fc.assert(
        fc.asyncProperty(anyTie, (given) => compare(cpu, interpolator, given, ROWS)),
        { numRuns: 200 },
      );
    });
  }

  for (const interpolator of [
    'bspline2',
    'bspline3',
    'keys-0.5',
    'lanczos3',
  ] satisfies Interpolator[]) {
    it(`${interpolator}: have the bits of points, whatever the boundary and however far off`, async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, ({ source, ...rest }) =>
          compare(cpu, interpolator, { ...rest, source: { ...source, odd: undefined } }),
        ),
        { numRuns: 25 },
      );
    });
  }
});
