import assert from 'node:assert/strict';
import {
  affineMap,
  allocatePixels,
  type Backend,
  createGrid,
  createImage,
  type Image,
  type Interpolator,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { createCpu } from './support.js';

const SIZE = [80, 70, 40];

function wavy(pixelType: PixelType): Image {
  const data = allocatePixels(pixelType, SIZE[0] * SIZE[1] * SIZE[2]);
  for (let i = 0; i < data.length; i++) data[i] = 100 + 90 * Math.sin(i * 0.37) + (i % 11);
  return createImage(createGrid({ size: SIZE }), data);
}

const operationOf = (
  source: Image,
  interpolator: Interpolator,
  pixelType: PixelType,
): Resample => ({
  kind: 'resample',
  source,
  interpolator,
  boundary: { kind: 'mirror' },
  pixelType,
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 1e5, runs: 1 },
});

/** Each map takes another way through the kernels, chosen by tile: which must not show. */
const MAPS = {
  scaling: [0.8, 0, 0, 0.3, 0, 0.7, 0, -2.2, 0, 0, 1.1, 1],
  'reversed scaling': [-0.8, 0, 0, 70, 0, 0.9, 0, 0, 0, 0, -0.5, 30],
  turning: [0.98, 0.15, -0.08, 1, -0.14, 0.97, 0.1, 5, 0.09, -0.1, 0.99, 2],
  'reaching further than a cache': [1.7, 0.8, 0.3, 0, -0.7, 1.6, 0.5, 3, 0.2, -0.6, 1.5, 2],
  shrinking: [7.5, 0.2, 0, 0, 0, 8.1, 0.3, -9, 0.4, 0, 9.3, 0],
} as const;

describe('the ways through the kernels of the cpu plugin', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const [name, matrix] of Object.entries(MAPS)) {
    for (const pixelType of ['float32', 'int16', 'uint8'] as const) {
      it(`${name} of ${pixelType}: blocks have the bits of the whole`, async () => {
        const map = affineMap(matrix);
        const size = [130, 45, 40];
        await using prepared = await cpu.prepare(operationOf(wavy(pixelType), 'linear', 'float32'));
        const whole = (await prepared.run(map, { samples: { size } })).data;
        const anyPart = fc.tuple(
          fc.nat(129),
          fc.nat(44),
          fc.nat(39),
          fc.integer({ min: 1, max: 70 }),
        );
        await fc.assert(
          fc.asyncProperty(anyPart, async ([x, y, z, most]) => {
            const start = [x, y, z];
            const part = start.map((first, a) => Math.min(most, size[a] - first));
            const { data } = await prepared.run(map, { samples: { size: part, start } });
            for (let at = 0; at < data.length; at++) {
              const i = at % part[0];
              const j = Math.floor(at / part[0]) % part[1];
              const k = Math.floor(at / part[0] / part[1]);
              const same = whole[x + i + size[0] * (y + j + size[1] * (z + k))];
              if (!Object.is(data[at], same)) assert.fail(`${i},${j},${k}: ${data[at]} ${same}`);
            }
          }),
          { numRuns: 8 },
        );
      });
    }
  }

  for (const interpolator of ['linear', 'bspline3', 'keys-0.5', 'nearest'] as const) {
    it(`${interpolator} over many tiles is the reference's`, async () => {
      const operation = operationOf(wavy('int16'), interpolator, 'float32');
      const size = [70, 40, 33];
      for (const matrix of Object.values(MAPS)) {
        const map = affineMap(matrix);
        await using prepared = await cpu.prepare(operation);
        await using oracle = await createReference().prepare(operation);
        const found = (await prepared.run(map, { samples: { size } })).data;
        const points = Float64Array.from({ length: 600 }, (_, i) => (i * 7) % size[i % 3]);
        const expected = (await oracle.run(map, { samples: { points } })).data;
        for (let n = 0; n < points.length / 3; n++) {
          const [x, y, z] = points.subarray(3 * n, 3 * n + 3);
          const value = found[x + size[0] * (y + size[1] * z)];
          assert.ok(
            Math.abs(value - expected[n]) < 2e-3,
            `${x},${y},${z}: ${value}, ${expected[n]}`,
          );
        }
      }
    });
  }
});
