import assert from 'node:assert/strict';
import {
  allocatePixels,
  type Boundary,
  createGrid,
  createImage,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createCpu } from './support.js';

/** Of values up to 255: what a prefilter of order 3 and 64 taps lose in float32. */
const TOLERANCE = 255 * 1e-5;

interface Case {
  readonly size: readonly number[];
  readonly channels: number;
  readonly pixelType: PixelType;
  readonly boundary: Boundary;
}

function operationOf({ size, channels, pixelType, boundary }: Case): Resample {
  const length = size.reduce((product, n) => product * n, channels);
  const data = allocatePixels(pixelType, length);
  for (let i = 0; i < length; i++) data[i] = (i * 37 + (i >> 7)) % 251;
  return {
    kind: 'resample',
    source: createImage(createGrid({ size }), data, channels),
    interpolator: 'bspline3',
    boundary,
    pixelType: 'float32',
    gradient: false,
    demand: { maps: ['affine'], samples: 'points', perRun: 300, runs: 1 },
  };
}

const CASES: readonly Case[] = [
  { size: [130, 90, 60], channels: 1, pixelType: 'float32', boundary: { kind: 'mirror' } },
  { size: [110, 70, 50], channels: 1, pixelType: 'uint8', boundary: { kind: 'nearest' } },
  { size: [130, 60, 50], channels: 2, pixelType: 'float64', boundary: { kind: 'grid-wrap' } },
  { size: [31, 30, 9], channels: 90, pixelType: 'float32', boundary: { kind: 'reflect' } },
  { size: [40, 34, 9], channels: 9, pixelType: 'int16', boundary: { kind: 'nearest' } },
  { size: [900, 300], channels: 3, pixelType: 'float32', boundary: { kind: 'mirror' } },
];

describe('coefficients that are brought and filtered slab by slab', () => {
  for (const one of CASES) {
    const { size, channels, pixelType, boundary } = one;
    it(`are the reference’s: ${size.join('x')}, ${channels} of ${pixelType}, ${boundary.kind}`, async () => {
      const operation = operationOf(one);
      const points = Float64Array.from({ length: 300 * size.length }, (_, i) => {
        const n = size[i % size.length];
        return ((i * 0.618) % 1) * (n + 3) - 2;
      });
      const map = { kind: 'points', positions: points } as const;
      await using reference = createReference();
      await using expecting = await reference.prepare(operation);
      const expected = await expecting.run(map, { samples: { points } });
      for (const threads of [1, 2]) {
        await using backend = await createCpu(threads);
        await using prepared = await backend.prepare(operation);
        const { data } = await prepared.run(map, { samples: { points } });
        const worst = Math.max(...Array.from(data, (v, i) => Math.abs(v - expected.data[i])));
        assert.ok(worst < TOLERANCE, `${worst}`);
      }
    });
  }
});
