import assert from 'node:assert/strict';
import { createGrid, createImage, isVoxhostError } from '@voxhost/sdk';
import {
  affine,
  centerScaleCrop,
  centerSpatialCrop,
  compose,
  divisiblePad,
  elastic,
  gridDistortion,
  orientation,
  resize,
  resizeWithPadOrCrop,
  rotate,
  spacing,
  spatialCrop,
  type Transform,
} from 'voxhost/lazy';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

/** Grid of a transform's result, from a volume of this size and unit spacing at the origin. */
async function gridOf(transform: Transform, size: readonly number[] = [10, 9, 8]) {
  const data = new Float32Array(size.reduce((a, b) => a * b));
  const image = createImage(createGrid({ size, spacing: size.map(() => 2) }), data);
  return (await compose([transform], { lazy: true }).run(countingRouter(), image)).image.grid;
}

describe('transforms', () => {
  it('Spacing keeps the first voxel, and with scale_extent the outer edges', async () => {
    const kept = await gridOf(spacing({ pixdim: [1, 1, 1] }));
    assert.deepEqual(
      [kept.size, kept.origin],
      [
        [19, 17, 15],
        [0, 0, 0],
      ],
    );
    const edges = await gridOf(spacing({ pixdim: [1, 1, 1], scale_extent: true }));
    // From -1 mm, half a voxel of 2 mm before 0: MONAI's own offset has the other sign at an origin of 0.
    assert.deepEqual(
      [edges.size, edges.origin],
      [
        [20, 18, 16],
        [-0.5, -0.5, -0.5],
      ],
    );
  });

  it('Spacing keeps a spacing that is allowed, and repeats the last that is given', async () => {
    const bounds = { min_pixdim: [1, 1, 1], max_pixdim: [3, 3, 3] };
    assert.deepEqual((await gridOf(spacing({ pixdim: [1], ...bounds }))).spacing, [2, 2, 2]);
    assert.deepEqual((await gridOf(spacing({ pixdim: [1, 4] }))).spacing, [1, 4, 4]);
    assert.deepEqual((await gridOf(spacing({ pixdim: [-1, 0, 1] }))).spacing, [2, 2, 1]);
  });

  it('Spacing drops a shear', async () => {
    const sheared = affine({ shear_params: [0.3, 0, 0.1], mode: 'nearest' });
    const { direction } = await gridOf(spacing({ pixdim: 2 }));
    const { image } = await compose([sheared, spacing({ pixdim: 2 })], { lazy: true }).run(
      countingRouter(),
      wavy([6, 6, 6]),
    );
    const columns = [0, 1, 2].map((c) => [0, 1, 2].map((r) => image.grid.direction[3 * r + c]));
    const dot = columns[0].reduce((sum, v, r) => sum + v * columns[1][r], 0);
    assert.ok(Math.abs(dot) < 1e-12);
    assert.equal(direction.length, 9);
  });

  it('Rotate by 90 degrees without keep_size swaps the sizes', async () => {
    const angle = [0, 0, Math.PI / 2];
    assert.deepEqual((await gridOf(rotate({ angle, keep_size: false }))).size, [9, 10, 8]);
  });

  it('a scale of 0.29 of 100 voxels keeps 29', async () => {
    assert.deepEqual(
      (await gridOf(centerScaleCrop({ roi_scale: 0.29 }), [100, 10, 10])).size,
      [29, 3, 3],
    );
  });

  it('crops take slices, centres, and boxes that reach over the edge', async () => {
    const sizes = async (params: Parameters<typeof spatialCrop>[0]) =>
      (await gridOf(spatialCrop(params))).size;
    assert.deepEqual(
      await sizes({
        roi_slices: [
          [2, null],
          [-4, -1],
        ],
      }),
      [8, 3, 8],
    );
    assert.deepEqual(await sizes({ roi_center: [1, 4, 7], roi_size: [4, 4, 4] }), [4, 4, 3]);
    assert.deepEqual(await sizes({ roi_start: [-3, 5, 0], roi_end: [4, 99, 8] }), [4, 4, 8]);
    await assert.rejects(sizes({ roi_start: [5], roi_end: [5] }), (e) =>
      isVoxhostError(e, 'BAD_ARGUMENT'),
    );
    await assert.rejects(sizes({ roi_start: [1] }), (e) => isVoxhostError(e, 'BAD_ARGUMENT'));
  });

  it('sizes that are not positive keep the axis', async () => {
    assert.deepEqual((await gridOf(centerSpatialCrop({ roi_size: [4, -1, 0] }))).size, [4, 9, 8]);
    assert.deepEqual(
      (await gridOf(resizeWithPadOrCrop({ spatial_size: [12, 5, -1] }))).size,
      [12, 5, 8],
    );
    assert.deepEqual((await gridOf(divisiblePad({ k: [4, 0, 3] }))).size, [12, 9, 9]);
    assert.deepEqual(
      (await gridOf(resize({ spatial_size: 20, size_mode: 'longest' }))).size,
      [20, 18, 16],
    );
  });

  it("torch's nearest of Resize is floor(i n / m)", async () => {
    const source = createImage(
      createGrid({ size: [10, 1] }),
      Float32Array.from({ length: 10 }, (_, i) => i),
    );
    for (const m of [3, 4, 6, 7, 15, 20, 30]) {
      const { image } = await compose([resize({ spatial_size: [m, 1], mode: 'nearest' })]).run(
        countingRouter(),
        source,
      );
      assert.deepEqual(
        [...image.data],
        Array.from({ length: m }, (_, i) => Math.floor((i * 10) / m)),
      );
    }
  });

  it('Orientation of a picture takes two letters', async () => {
    const grid = await gridOf(orientation({ axcodes: 'AR' }), [5, 4]);
    assert.deepEqual(grid.size, [4, 5]);
  });

  it('Elastic is the same for the same seed, and another for another', async () => {
    const source = wavy([8, 7, 6]);
    const run = async (seed: number) =>
      (
        await compose([elastic({ seed, sigma: 1, magnitude: 3, mode: 'bilinear' })]).run(
          countingRouter(),
          source,
        )
      ).image;
    assert.equal(largestDifference(await run(1), await run(1)), 0);
    assert.ok(largestDifference(await run(1), await run(2)) > 1);
  });

  it('GridDistortion moves each cell evenly between its stretched ends', async () => {
    const source = createImage(
      createGrid({ size: [8, 4] }),
      Float32Array.from({ length: 32 }, (_, i) => i % 8),
    );
    const steps = [
      [1, 0.5, 1],
      [1, 1, 1],
    ];
    const distort = gridDistortion({ num_cells: [2, 2], distort_steps: steps, mode: 'bilinear' });
    const { image } = await compose([distort]).run(countingRouter(), source);
    const row = [0, 4 / 3, 8 / 3, 4, 4, 4 + 2 / 3, 4 + 4 / 3, 6];
    row.forEach((v, x) => {
      assert.ok(Math.abs(image.data[x] - v) < 1e-6);
    });
  });
});
