import assert from 'node:assert/strict';
import type { Boundary, BoundaryKind, Image, PixelType } from '@voxhost/sdk';
import {
  affineMap,
  allocatePixels,
  BOUNDARY_KINDS,
  createGrid,
  createImage,
  PIXEL_TYPES,
  voxelCount,
} from '@voxhost/sdk';
import type { Router } from 'voxhost';
import { planResample, planSampling, resampleImage } from 'voxhost/lazy';

/** A router that must not be asked. */
const nobody: Router = {
  prepare: () => Promise.reject(new Error('a copy asked for a backend')),
  explain: () => Promise.reject(new Error('a copy asked for a backend')),
};

const boundaryOf = (kind: BoundaryKind): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
    ? { kind, value: 9 }
    : { kind };

const row = (values: readonly number[]): Image =>
  createImage(createGrid({ size: [values.length, 1] }), Float32Array.from(values));

const counting = (pixelType: PixelType, size: readonly number[], channels = 1): Image => {
  const data = allocatePixels(pixelType, voxelCount(size) * channels);
  for (let i = 0; i < data.length; i++) data[i] = i % 251;
  return createImage(createGrid({ size }), data, channels);
};

/**
 * Samples 1 2 3 4 at indices -5 .. 9; the first rows are numpy.pad's edge, symmetric, reflect and wrap, the
 * last is scipy.ndimage.map_coordinates with order 0 and mode "wrap" at whole coordinates.
 */
const EXTENSIONS: { readonly [K in BoundaryKind]: readonly number[] } = {
  constant: [9, 9, 9, 9, 9, 1, 2, 3, 4, 9, 9, 9, 9, 9, 9],
  'grid-constant': [9, 9, 9, 9, 9, 1, 2, 3, 4, 9, 9, 9, 9, 9, 9],
  buffer: [9, 9, 9, 9, 9, 1, 2, 3, 4, 9, 9, 9, 9, 9, 9],
  nearest: [1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4],
  reflect: [4, 4, 3, 2, 1, 1, 2, 3, 4, 4, 3, 2, 1, 1, 2],
  mirror: [2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4],
  'grid-wrap': [4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2],
  wrap: [2, 3, 4, 2, 3, 1, 2, 3, 4, 2, 3, 1, 2, 3, 1],
};

describe('exact copies', () => {
  for (const kind of BOUNDARY_KINDS) {
    it(`pads by ${kind} beyond one period`, async () => {
      const { image, provenance } = await resampleImage(nobody, row([1, 2, 3, 4]), {
        like: createGrid({ size: [15, 1] }),
        map: affineMap([1, 0, -5, 0, 1, 0]),
        boundary: boundaryOf(kind),
      });
      assert.deepEqual([...image.data], EXTENSIONS[kind]);
      assert.equal(provenance.backend, 'host');
    });
  }

  it('an axis of one voxel extends in every boundary', async () => {
    for (const kind of BOUNDARY_KINDS) {
      const { image } = await resampleImage(nobody, row([7]), {
        like: createGrid({ size: [3, 1] }),
        map: affineMap([1, 0, -1, 0, 1, 0]),
        boundary: boundaryOf(kind),
      });
      const outside = 'value' in boundaryOf(kind) ? 9 : 7;
      assert.deepEqual([...image.data], [outside, 7, outside], kind);
    }
  });

  for (const pixelType of PIXEL_TYPES) {
    it(`permutes, flips and crops ${pixelType} bit by bit`, async () => {
      const source = counting(pixelType, [4, 5, 6], 2);
      const { image } = await resampleImage(nobody, source, {
        like: createGrid({ size: [5, 3, 4] }),
        map: affineMap([0, 0, -1, 3, 1, 0, 0, 0, 0, 1, 0, 2]),
      });
      assert.equal(image.pixelType, pixelType);
      for (const at of image.data.keys()) {
        const [x, y, z, c] = [at % 5, Math.floor(at / 5) % 3, Math.floor(at / 15) % 4, at >= 60];
        const from = 3 - z + 4 * (x + 5 * (y + 2 + (c ? 6 : 0)));
        assert.equal(image.data[at], source.data[from]);
      }
    });
  }

  it('a change of pixel type rounds half to even and saturates', async () => {
    const source = row([-1.5, 0.5, 1.5, 300, Number.NaN]);
    const like = createGrid({ size: [5, 1] });
    const { image } = await resampleImage(nobody, source, { like, pixelType: 'uint8' });
    assert.deepEqual([...image.data], [0, 0, 2, 255, 0]);
  });

  it('a drift that reaches 1e-6 voxel at the far corner is interpolated', () => {
    const source = counting('float32', [101, 2]);
    const at = (scale: number) =>
      planSampling(
        planResample(source, {
          like: createGrid({ size: [101, 2] }),
          map: affineMap([scale, 0, 0, 0, 1, 0]),
        }),
      ).form;
    assert.equal(at(1 + 1e-8), 'separable');
    assert.equal(at(1 + 1e-15), 'copy');
    assert.equal(at(1), 'copy');
  });

  it('never copies when told to', () => {
    const source = counting('float32', [4, 4]);
    const task = planResample(source, { copies: 'never' });
    assert.equal(planSampling(task).form, 'separable');
  });
});
