import assert from 'node:assert/strict';
import {
  allocatePixels,
  type Backend,
  type Boundary,
  createGrid,
  createImage,
  type FieldMap,
  fieldMap,
  type Image,
  mapShape,
  outputIndices,
  type Pixels,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { createCpu } from './support.js';

const SIZE = [90, 12, 9];
const OUTPUT = [100, 7, 5];

const BOUNDARIES: readonly Boundary[] = [
  { kind: 'constant', value: 7 },
  { kind: 'buffer', value: 7 },
  { kind: 'nearest' },
  { kind: 'wrap' },
];

/** Values are below 128: 2e-6 of them is what a sum of up to 216 taps in float32 may lose. */
const TOLERANCE = 128 * 2e-6;

/** What is read as it is, each by a loop of its own. */
const SOURCE_TYPES = ['float32', 'int16', 'uint8', 'uint16', 'int8'] as const;

/** Of two, four and six taps; the number is prime to that of types. */
const INTERPOLATORS = ['linear', 'linear', 'keys-0.5', 'lanczos3'] as const;

function noisy(pixelType: PixelType): Image {
  const data = allocatePixels(pixelType, SIZE[0] * SIZE[1] * SIZE[2]);
  for (let i = 0; i < data.length; i++) data[i] = (i * 37 + (i >> 3)) % 120;
  return createImage(createGrid({ size: SIZE }), data);
}

const anyValue = (most: number): fc.Arbitrary<number> =>
  fc.double({ min: -most, max: most, noNaN: true });

/** Vectors between index axes, or along their own only. */
const anyVectors = fc.oneof(
  fc.tuple(anyValue(1), anyValue(1), anyValue(1)).map(([a, b, c]) => [a, 0, 0, 0, b, 0, 0, 0, c]),
  fc.array(anyValue(1), { minLength: 9, maxLength: 9 }),
);

const anyField = fc.record({
  isWide: fc.boolean(),
  outside: fc.constantFrom('zero', 'buffer', 'edge'),
  vectors: anyVectors,
  seed: fc.nat(1000),
  lookup: fc.oneof(
    // Each voxel on a lattice point.
    fc.tuple(fc.nat(20), fc.nat(3), fc.nat(3)).map((at) => ({ order: 1 as const, slope: 1, at })),
    // Several voxels in the cell of a cubic, in either direction.
    fc
      .tuple(anyValue(0.5), anyValue(20), anyValue(4), anyValue(4))
      .map(([slope, ...at]) => ({ order: 3 as const, slope, at })),
    // Any number of cells to a voxel, of either order.
    fc
      .tuple(fc.constantFrom(1 as const, 3 as const), anyValue(4), anyValue(20), anyValue(4))
      .map(([order, slope, first, next]) => ({ order, slope, at: [first, next, next] })),
  ),
});
type Field = typeof anyField extends fc.Arbitrary<infer T> ? T : never;

function mapOf({ isWide, outside, vectors, seed, lookup: { order, slope, at } }: Field): FieldMap {
  const size = [105, 9, 8];
  const length = 3 * size[0] * size[1] * size[2];
  const values = Float64Array.from({ length }, (_, i) => 3 * Math.sin(seed + i * i));
  const data = isWide ? values : Float32Array.from(values);
  const step = order === 1 ? 1 : 0.4;
  return fieldMap({
    matrix: [0.97, 0.1, 0, 1, 0, 1.1, 0.2, -1, 0.02, 0, 0.9, 0.3],
    vectors,
    lookup: [slope, 0, 0, at[0], 0, step, 0, at[1], 0, 0, step, at[2]],
    lattice: { size, order, outside, data },
  });
}

async function check(cpu: Backend, map: FieldMap, boundary: Boundary, at: number): Promise<void> {
  const operation: Resample = {
    kind: 'resample',
    source: noisy(SOURCE_TYPES[at % SOURCE_TYPES.length]),
    interpolator: INTERPOLATORS[at % INTERPOLATORS.length],
    boundary,
    // In float64 every bit of a position shows.
    pixelType: at % 2 === 0 ? 'float32' : 'float64',
    gradient: false,
    demand: { maps: [mapShape(map)], samples: 'grid', perRun: 1e5, runs: 2 },
  };
  await using reference = createReference();
  await using slow = await reference.prepare(operation);
  await using fast = await cpu.prepare(operation);
  const expected = (await slow.run(map, { samples: { size: OUTPUT } })).data;
  const { data } = await fast.run(map, { samples: { size: OUTPUT } });
  for (let i = 0; i < data.length; i++) {
    if (!(Math.abs(data[i] - expected[i]) <= TOLERANCE))
      assert.fail(`${i}: ${data[i]}, not ${expected[i]}`);
  }
  const part = [OUTPUT[0] - at, 3, 2];
  const start = [at, 2, 1];
  const block = (await fast.run(map, { samples: { size: part, start } })).data;
  assertPart(block, data, { part, start });
  const points = outputIndices({ size: part, start }, 3);
  assertPart((await fast.run(map, { samples: { points } })).data, data, { part, start });
}

function assertPart(
  block: Pixels,
  whole: Pixels,
  { part, start }: { readonly part: readonly number[]; readonly start: readonly number[] },
): void {
  for (let i = 0; i < block.length; i++) {
    const x = start[0] + (i % part[0]);
    const y = start[1] + (Math.floor(i / part[0]) % part[1]);
    const z = start[2] + Math.floor(i / part[0] / part[1]);
    const same = whole[x + OUTPUT[0] * (y + OUTPUT[1] * z)];
    if (!Object.is(block[i], same))
      assert.fail(`${x},${y},${z}: ${block[i]}, in the whole ${same}`);
  }
}

describe('rows that a field bends, on the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  it("are the reference's, and the same in every block and for its points", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyField,
        fc.constantFrom(...BOUNDARIES),
        fc.nat(70),
        (field, boundary, at) => check(cpu, mapOf(field), boundary, at),
      ),
      { numRuns: 120 },
    );
  });
});
