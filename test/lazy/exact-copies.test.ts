import assert from 'node:assert/strict';
import {
  affineMap,
  allocatePixels,
  BOUNDARY_KINDS,
  type Boundary,
  type BoundaryKind,
  createGrid,
  createImage,
  type Image,
  PIXEL_TYPES,
  type PixelType,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import type { Router } from 'voxhost';
import { planResample, planSampling, resampleImage } from 'voxhost/lazy';
import { operationOf } from '#host/lazy/sampling.js';

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

  it('any permutation, flip, stride, crop and pad is what the reference samples there', async () => {
    const anyAxis = fc.record({
      count: fc.integer({ min: 1, max: 50 }),
      size: fc.integer({ min: 1, max: 50 }),
      step: fc.constantFrom(1, 1, 1, -1, -1, 2, -3),
      shift: fc.integer({ min: -20, max: 100 }),
    });
    const anyCase = fc.record({
      axes: fc.tuple(anyAxis, anyAxis, anyAxis),
      order: fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }),
      pixelType: fc.constantFrom(...PIXEL_TYPES),
      kind: fc.constantFrom(...BOUNDARY_KINDS),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ axes, order, pixelType, kind }) => {
        const size = axes.map((axis) => axis.size);
        const like = createGrid({ size: axes.map((axis) => axis.count) });
        const map = affineMap(
          order.flatMap((column, row) => [
            ...[0, 1, 2].map((c) => (c === column ? axes[row].step : 0)),
            axes[row].shift,
          ]),
        );
        const request = { like, map, boundary: boundaryOf(kind) };
        const source = counting(pixelType, size, 2);
        const { image } = await resampleImage(nobody, source, request);
        const task = planResample(source, { ...request, interpolator: 'nearest' });
        await using oracle = await createReference().prepare<Resample>(operationOf(task));
        const { data } = await oracle.run(map, { samples: { size: like.size } });
        assert.deepEqual(image.data, data);
      }),
      { numRuns: 60 },
    );
  });

  it('goes into the buffer that the caller gives, and refuses one that does not fit', async () => {
    const source = counting('int16', [30, 20, 10]);
    const map = affineMap([-1, 0, 0, 29, 0, 1, 0, 0, 0, 0, 1, 0]);
    const into = new Int16Array(6000).fill(-7);
    const { image } = await resampleImage(nobody, source, { map, into });
    assert.equal(image.data, into);
    assert.deepEqual([...into.subarray(0, 3)], [...source.data.subarray(27, 30)].reverse());
    for (const bad of [new Int16Array(5999), new Float32Array(6000), source.data]) {
      await assert.rejects(resampleImage(nobody, source, { map, into: bad }), /into/);
    }
  });

  it('is no copy where the interpolator smooths', () => {
    const source = counting('float32', [4, 4]);
    for (const interpolator of ['bspline2-raw', 'bspline5-raw'] as const) {
      const task = planResample(source, { interpolator });
      assert.equal(planSampling(task).form, 'separable');
    }
    assert.equal(planSampling(planResample(source, { interpolator: 'bspline5' })).form, 'copy');
  });

  it('never copies when told to', () => {
    const source = counting('float32', [4, 4]);
    const task = planResample(source, { copies: 'never' });
    assert.equal(planSampling(task).form, 'separable');
  });
});
