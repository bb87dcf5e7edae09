import assert from 'node:assert/strict';
import {
  createGrid,
  createImage,
  evaluate,
  type Image,
  identityMap,
  type Lattice,
  then,
} from '@voxhost/sdk';
import fc from 'fast-check';
import {
  affine,
  borderPad,
  centerSpatialCrop,
  compose,
  displacementField,
  divisiblePad,
  flip,
  orientation,
  resizeWithPadOrCrop,
  rotate,
  rotate90,
  spacing,
  spatialCrop,
  spatialPad,
  type Transform,
  zoom,
} from 'voxhost/lazy';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

/** Products of a dozen float64 matrices over indices up to 100. */
const ROUNDING = 1e-9;

const small = fc.double({ min: -0.4, max: 0.4, noNaN: true });
const modes = { mode: 'bilinear', padding_mode: 'border' } as const;
const padMode = fc.constantFrom('constant', 'edge', 'reflect', 'symmetric', 'wrap');

/** Operations that interpolate nothing. */
const exact: fc.Arbitrary<Transform> = fc.oneof(
  fc.subarray([0, 1, 2]).map((axes) => flip({ spatial_axis: axes })),
  fc.integer({ min: 0, max: 3 }).map((k) => rotate90({ k, spatial_axes: [0, 2] })),
  fc.constantFrom('RAS', 'PIR', 'SAL').map((axcodes) => orientation({ axcodes })),
  fc.integer({ min: 1, max: 3 }).map((s) => centerSpatialCrop({ roi_size: [s + 1, 4, 3] })),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), padMode)
    .map(([w, mode]) => borderPad({ spatial_border: [w, 1, 0, 2, 1, w], mode, value: 3 })),
  padMode.map((mode) => divisiblePad({ k: 4, mode })),
  padMode.map((mode) => resizeWithPadOrCrop({ spatial_size: [6, 7, 5], mode })),
);

/** Operations that are one matrix. */
const linear: fc.Arbitrary<Transform> = fc.oneof(
  fc.tuple(small, small, small).map((angle) => rotate({ angle, ...modes, keep_size: false })),
  fc
    .tuple(small, small, small)
    .map((translate_params) =>
      affine({ translate_params, shear_params: [0.1, 0, 0.05], ...modes }),
    ),
  fc
    .double({ min: 0.7, max: 1.4, noNaN: true })
    .map((z) => zoom({ zoom: z, mode: 'trilinear', keep_size: false })),
  fc
    .double({ min: 0.7, max: 1.4, noNaN: true })
    .map((d) => spacing({ pixdim: [d, d, 1], ...modes })),
);

const latticeOf = (values: readonly number[]): Lattice => ({
  size: [4, 3, 3],
  order: 1,
  outside: 'edge',
  data: Float64Array.from({ length: 108 }, (_, i) => values[i % values.length]),
});

describe('laws of the lazy engine', () => {
  it('lazy equals eager, bit by bit, where every map is exact', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(exact, { minLength: 1, maxLength: 6 }), async (transforms) => {
        const source = wavy([6, 5, 4], { pixelType: 'int16' });
        const lazy = await compose(transforms, { lazy: true }).run(countingRouter(), source);
        const eager = await compose(transforms, { lazy: false }).run(countingRouter(), source);
        assert.equal(largestDifference(lazy.image, eager.image), 0);
        assert.deepEqual(
          [...lazy.image.grid.origin].map(rounded),
          [...eager.image.grid.origin].map(rounded),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('composition is associative: nesting changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(linear, linear, linear), async ([a, b, c]) => {
        const source = wavy([6, 5, 4]);
        const run = (transforms: readonly Transform[]) =>
          compose(transforms, { lazy: true, overrides: modes }).run(countingRouter(), source);
        const flat = await run([a, b, c]);
        const left = await run([compose([a, b]), c]);
        const right = await run([a, compose([b, c])]);
        assert.equal(largestDifference(flat.image, left.image), 0);
        assert.equal(largestDifference(flat.image, right.image), 0);
      }),
      { numRuns: 40 },
    );
  });

  it('a pipeline of any number of affines calls run once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(linear, { minLength: 1, maxLength: 12 }), async (transforms) => {
        const router = countingRouter();
        const overrides = { mode: 'bilinear', padding_mode: 'zeros' };
        await compose(transforms, { lazy: true, overrides }).run(router, wavy([6, 5, 4]));
        assert.ok(router.runs.length <= 1);
      }),
      { numRuns: 40 },
    );
  });

  it('the whole inverse after forward is the identity inside the viewport', async () => {
    // A linear image: interpolation reproduces it, so what is left is the map alone.
    const ramp = rampImage([12, 11, 10]);
    await fc.assert(
      fc.asyncProperty(fc.array(linear, { minLength: 1, maxLength: 4 }), async (transforms) => {
        const pipeline = compose(transforms, { lazy: true, overrides: modes });
        const router = countingRouter();
        const { image } = await pipeline.run(router, ramp, { pixelType: 'float64' });
        await pipeline.invert(router, image);
        const [forward, backward] = router.runs.map(({ map }) => map);
        // No run at all: everything was an exact copy.
        if (forward === undefined && backward === undefined) return;
        assert.ok(forward.kind === 'affine' && backward.kind === 'affine');
        const round = then(backward, forward);
        for (const point of [
          [0, 0, 0],
          [5, 6, 3],
          [11, 10, 9],
        ]) {
          evaluate(round, point).forEach((v, a) => {
            assert.ok(Math.abs(v - point[a]) < ROUNDING, `${v} | ${point[a]}`);
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('matrix, field, matrix is one field that equals them point by point', async () => {
    const offsets = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
      minLength: 7,
      maxLength: 7,
    });
    await fc.assert(
      fc.asyncProperty(offsets, small, small, async (values, first, last) => {
        const router = countingRouter();
        const source = wavy([6, 5, 4]);
        const lattice = latticeOf(values);
        const turns = [first, last].map((angle) =>
          affine({ rotate_params: [angle, 0.1, 0], ...modes }),
        );
        const transforms = [turns[0], displacementField({ field: lattice, ...modes }), turns[1]];
        await compose(transforms, { lazy: true }).run(router, source);
        assert.equal(router.runs.length, 1);
        const { map } = router.runs[0];
        assert.equal(map.kind, 'field');
        if (map.kind !== 'field') return;
        const parts = await Promise.all(transforms.map((t) => mapOf(t, source)));
        for (const point of [
          [0, 0, 0],
          [2.3, 4.1, 1.7],
          [5, 4, 3],
        ]) {
          const step = parts.reduceRight<Float64Array>(
            (x, part) => evaluate(part, x),
            Float64Array.from(point),
          );
          evaluate(map, point).forEach((v, a) => {
            assert.ok(Math.abs(v - step[a]) < ROUNDING);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('pads and crops that undo each other leave nothing to do', async () => {
    const router = countingRouter();
    const source = wavy([6, 5, 4]);
    const pipeline = compose(
      [
        spatialPad({ spatial_size: 9, mode: 'edge' }),
        spatialCrop({ roi_start: [1, 2, 2], roi_end: [7, 7, 6] }),
      ],
      { lazy: true },
    );
    const { image, steps } = await pipeline.run(router, source);
    assert.equal(steps.length, 0);
    assert.equal(image, source);
  });
});

const rounded = (v: number): number => Math.round(v * 1e6) / 1e6;

/** The map that a single transform samples at. */
async function mapOf(transform: Transform, source: Image) {
  const router = countingRouter();
  await compose([transform], { lazy: true, overrides: { resample_mode: 'resample' } }).run(
    router,
    source,
  );
  const { map } = router.runs[0];
  return map.kind === 'points' ? identityMap(3) : map;
}

function rampImage(size: readonly number[]): Image {
  const [nx, ny] = size;
  const data = Float64Array.from(
    { length: size.reduce((a, b) => a * b) },
    (_, i) => (i % nx) + 2 * (Math.floor(i / nx) % ny) - Math.floor(i / (nx * ny)),
  );
  return createImage(createGrid({ size }), data);
}
