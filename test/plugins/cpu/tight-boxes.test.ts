import assert from 'node:assert/strict';
import {
  affineMap,
  allocatePixels,
  type Backend,
  type Boundary,
  createGrid,
  createImage,
  type Image,
  type Interpolator,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';
import fc from 'fast-check';
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

function imageOf({ size, pixelType, holes }: Case['source']): Image {
  const data = allocatePixels(pixelType, size[0] * size[1] * size[2]);
  for (let i = 0; i < data.length; i++) data[i] = (i * 37 + (i >> 3)) % 120;
  if (holes && pixelType === 'float32')
    for (let i = 5; i < data.length; i += 4099) data[i] = Number.NaN;
  return createImage(createGrid({ size: [...size] }), data);
}

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
  const source = imageOf(given.source);
  const operation: Resample = {
    kind: 'resample',
    source,
    interpolator,
    boundary: given.boundary,
    pixelType: source.pixelType,
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: 1e5, runs: 2 },
  };
  const map = mapOf(given);
  await using prepared = await cpu.prepare(operation);
  const { data } = await prepared.run(map, { samples: { size: [...SIZE] } });
  const [x, y] = SIZE;
  const voxels = Array.from({ length: Math.floor(data.length / STEP) }, (_, i) => i * STEP);
  const points = voxels.flatMap((i) => [i % x, Math.floor(i / x) % y, Math.floor(i / x / y)]);
  const run = await prepared.run(map, { samples: { points: Float64Array.from(points) } });
  const found = voxels.map((i) => data[i]);
  assert.deepEqual(found, [...run.data]);
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
});
