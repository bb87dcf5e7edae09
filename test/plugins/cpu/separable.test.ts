import assert from 'node:assert/strict';
import {
  affineMap,
  allocatePixels,
  type Backend,
  BOUNDARY_KINDS,
  type BoundaryKind,
  createGrid,
  createImage,
  type Image,
  type PixelType,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { createCpu } from './support.js';

function wavy(pixelType: PixelType, size: readonly number[], spoilt: number): Image {
  const data = allocatePixels(pixelType, 2 * voxelCount(size));
  for (let i = 0; i < data.length; i++) data[i] = 100 + 90 * Math.sin(i * 0.37) + (i % 11);
  if (spoilt !== 0) data.fill(spoilt, Math.floor(data.length / 3), Math.floor(data.length / 3) + 1);
  return createImage(createGrid({ size }), data, 2);
}

const operationOf = (source: Image, kind: BoundaryKind, pixelType: PixelType): Resample => ({
  kind: 'resample',
  source,
  interpolator: 'linear',
  boundary:
    kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
      ? { kind, value: -3.5 }
      : { kind },
  pixelType,
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 1e5, runs: 1 },
});

/** Every index of a grid, x fastest. */
function everyIndex(size: readonly number[]): Float64Array {
  const indices: number[] = [];
  for (let at = 0; at < voxelCount(size); at++) {
    let rest = at;
    for (const n of size) {
      indices.push(rest % n);
      rest = Math.floor(rest / n);
    }
  }
  return Float64Array.from(indices);
}

/** Voxels per axis of a picture and of a volume: a tile ends at 512. */
const MOST = [
  [600, 25],
  [70, 25, 25],
];

describe('scalings on the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  const anyAxis = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    count: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 500, max: 600 })),
    slope: fc.oneof(
      fc.double({ min: 0.1, max: 1.2, noNaN: true }),
      fc.double({ min: -4, max: -0.2, noNaN: true }),
      fc.constantFrom(1, -1, 2, 0.5, 700),
    ),
    shift: fc.double({ min: -20, max: 45, noNaN: true }),
  });
  for (const dims of [2, 3]) {
    it(`have the bits of points one by one, whatever the order of axes: ${dims} dimensions`, async () => {
      const anyCase = fc.record({
        axes: fc.array(anyAxis, { minLength: dims, maxLength: dims }),
        order: fc.shuffledSubarray([...Array(dims).keys()], { minLength: dims, maxLength: dims }),
        kind: fc.constantFrom(...BOUNDARY_KINDS),
        from: fc.constantFrom<PixelType>('float32', 'float32', 'int16', 'uint8'),
        to: fc.constantFrom<PixelType>('float32', 'float32', 'int16', 'uint16', 'uint8', 'int8'),
        spoilt: fc.constantFrom(0, 0, 0, Number.NaN, 3e38),
      });
      await fc.assert(
        fc.asyncProperty(anyCase, async ({ axes, order, kind, from, to, spoilt }) => {
          const source = wavy(
            from,
            axes.map(({ size }) => size),
            spoilt,
          );
          const rows = order.flatMap((column, row) => [
            ...axes.map((_, c) => (c === column ? axes[row].slope : 0)),
            axes[row].shift,
          ]);
          const map = affineMap(rows);
          const size = axes.map(({ count }, axis) => Math.min(count, MOST[dims - 2][axis]));
          await using prepared = await cpu.prepare(operationOf(source, kind, to));
          const whole = (await prepared.run(map, { samples: { size } })).data;
          const points = everyIndex(size);
          const single = (await prepared.run(map, { samples: { points } })).data;
          assert.deepEqual(whole, single);
        }),
        { numRuns: 60 },
      );
    });
  }
});
