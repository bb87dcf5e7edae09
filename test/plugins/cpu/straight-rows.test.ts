import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  type Boundary,
  type Image,
  type Interpolator,
  type PixelType,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { affineResample, patternOf } from './affine-rows.js';
import { createCpu } from './support.js';

const BOUNDARIES: readonly Boundary[] = [
  { kind: 'constant', value: 7 },
  { kind: 'buffer', value: 7 },
  { kind: 'grid-constant', value: 7 },
  { kind: 'nearest' },
  { kind: 'reflect' },
  { kind: 'mirror' },
  { kind: 'grid-wrap' },
  { kind: 'wrap' },
];

/** The values are below 256: 2e-6 of them is what linear in float32 may lose. */
const TOLERANCE = 256 * 2e-6;

const anySource = fc.record({
  size: fc.tuple(
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 7 }),
  ),
  pixelType: fc.constantFrom<PixelType>('float32', 'int16', 'uint8', 'float64'),
  holes: fc.boolean(),
});

const anyMatrix = (parts: number): fc.Arbitrary<readonly number[]> => {
  const anyPart = (most: number) =>
    fc.integer({ min: -parts * most, max: parts * most }).map((i) => i / parts);
  const anyRow = fc.tuple(anyPart(2), anyPart(1), anyPart(1), anyPart(20));
  return fc.tuple(anyRow, anyRow, anyRow).map((rows) => rows.flat());
};
/** Positions are exact however they are summed, and many lie on samples, on ties and on the limits. */
const anyEighths = anyMatrix(8);
/** The order of the sums decides ties. */
const anyTenths = anyMatrix(10);

interface Shape {
  readonly size: readonly number[];
  readonly pixelType: PixelType;
  /** NaN here and there. */
  readonly holes: boolean;
}

const imageOf = ({ size, pixelType, holes }: Shape): Image =>
  patternOf({ size, pixelType, odd: holes ? { value: Number.NaN, every: 41 } : undefined });

interface Case {
  readonly source: Image;
  readonly interpolator: Interpolator;
  readonly boundary: Boundary;
  readonly matrix: readonly number[];
}

async function compare(
  cpu: Backend,
  { source, interpolator, boundary, matrix }: Case,
): Promise<void> {
  const operation = affineResample(source, { interpolator, boundary });
  const samples = { size: [140, 5, 3], start: [-3, 2, -1] };
  const map = affineMap(matrix);
  await using reference = createReference();
  await using slow = await reference.prepare(operation);
  await using fast = await cpu.prepare(operation);
  const expected = (await slow.run(map, { samples })).data;
  const { data } = await fast.run(map, { samples });
  const tolerance = toleranceOf(interpolator, source.pixelType);
  for (let i = 0; i < data.length; i++) {
    if (Object.is(data[i], expected[i]) || Math.abs(data[i] - expected[i]) <= tolerance) continue;
    assert.fail(`${i}: ${data[i]}, not ${expected[i]}`);
  }
}

/** A value near a half may be rounded to either integer. */
function toleranceOf(interpolator: Interpolator, pixelType: PixelType): number {
  if (interpolator !== 'linear') return 0;
  return pixelType.startsWith('float') ? TOLERANCE : 1;
}

describe('rows that an affine maps to straight lines, on the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const interpolator of ['nearest', 'nearest-even', 'linear'] satisfies Interpolator[]) {
    it(`${interpolator}: are the reference's, with what lies exactly on a limit, on a tie or beside a NaN`, async () => {
      const anyMap = interpolator === 'linear' ? anyEighths : fc.oneof(anyEighths, anyTenths);
      const anyCase = fc.tuple(anySource, anyMap, fc.constantFrom(...BOUNDARIES));
      await fc.assert(
        fc.asyncProperty(anyCase, ([shape, matrix, boundary]) =>
          compare(cpu, { source: imageOf(shape), interpolator, boundary, matrix }),
        ),
        { numRuns: 150 },
      );
    });
  }
});
