import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createGrid, createImage, indexToPhysical, voxelCount } from '@voxhost/sdk';
import { bspline, composite, linear, rigid, translation } from 'voxhost/geometry';
import { readImage, writeImage, writeTransform } from 'voxhost/io';
import { fixture } from '../io/support.js';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

const grid = createGrid({
  size: [20, 18, 16],
  spacing: [2, 2.5, 3],
  origin: [-19, -21, -22],
  direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
});

/** A value that is linear in the physical point: linear interpolation is exact, so every sample tells where it was. */
function ramp() {
  const m = indexToPhysical(grid);
  const data = new Float64Array(voxelCount(grid.size));
  const [nx, ny] = grid.size;
  data.forEach((_, i) => {
    const index = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    const point = [0, 1, 2].map(
      (r) => m[4 * r + 3] + index.reduce((sum, x, c) => sum + m[4 * r + c] * x, 0),
    );
    data[i] = point[0] + 100 * point[1] + 10000 * point[2];
  });
  return createImage(grid, data);
}

async function resample(folder: string, ...options: readonly string[]) {
  const output = join(folder, 'out.mha');
  const ended = await capture(['resample', join(folder, 'in.mha'), output, ...options]);
  assert.equal(ended.exitCode, 0, ended.err);
  return readImage(output);
}

/** Float64 images of numbers up to 3e5, through a few matrices. */
const ROUNDING = 1e-6;
/** A sample is off by what an inverse may be off, 1e-3 mm, times the steepest slope of the ramp. */
const INVERSE = 1e-3 * 10001 * 1.1;

/** The voxel in the middle, which no transform here takes out of the volume. */
const MIDDLE = 10 + 20 * (9 + 18 * 8);

describe('voxhost resample --transform', () => {
  it('takes output points to input points, the last one first as in ITK, and --inverse undoes it', async () => {
    await using folder = await scratchFolder();
    const at = (name: string) => join(folder.path, name);
    const image = ramp();
    await writeImage(image, at('in.mha'));
    const shift = translation([1, 0, 0]);
    const double = linear('scale', 3, [2, 2, 2]);
    await writeTransform(shift, at('shift.tfm'));
    await writeTransform(double, at('double.tfm'));
    await writeTransform(composite([double, shift]), at('both.h5'));
    const options = ['--transform', at('double.tfm'), '--transform', at('shift.tfm')];
    const found = await resample(folder.path, ...options);
    const [whole, point] = [image.data[MIDDLE], 2 * image.data[MIDDLE] + 2];
    assert.ok(Math.abs(found.data[MIDDLE] - point) < ROUNDING);
    assert.deepEqual((await resample(folder.path, '--transform', at('both.h5'))).data, found.data);
    const back = await resample(folder.path, ...options, '--inverse');
    assert.ok(Math.abs(back.data[MIDDLE] - (whole / 2 - 1)) < ROUNDING);
  });

  it('--inverse of a free-form deformation is found point by point', async () => {
    await using folder = await scratchFolder();
    const at = (name: string) => join(folder.path, name);
    const lattice = createGrid({ size: [7, 7, 7], spacing: [20, 20, 20], origin: [-60, -60, -60] });
    const wave = Float64Array.from({ length: 3 * 343 }, (_, i) => 3 * Math.sin(1.7 * i));
    const warp = composite([bspline(lattice, wave), rigid({ rotation: [0, 0, 0.1] })]);
    await writeTransform(warp, at('warp.tfm'));
    await writeImage(ramp(), at('in.mha'));
    const transform = ['--transform', at('warp.tfm')];
    const forth = await resample(folder.path, ...transform);
    assert.ok(Math.abs(forth.data[MIDDLE] - ramp().data[MIDDLE]) > 100);
    const back = await resample(folder.path, ...transform, '--inverse');
    await writeImage(back, at('in.mha'));
    const again = await resample(folder.path, ...transform);
    // `back` is not linear, so a second resampling adds an interpolation error of curvature · voxel² / 8.
    assert.ok(Math.abs(again.data[MIDDLE] - ramp().data[MIDDLE]) < INVERSE + 1500);
  });
});

describe('voxhost resample --shear', () => {
  it('resample puts every voxel where it truly is; without it the volume is refused', async () => {
    await using folder = await scratchFolder();
    const input = fixture('nifti', 'sheared.nii');
    const output = join(folder.path, 'out.mha');
    const refused = await capture(['resample', input, output]);
    assert.equal(refused.exitCode, 3);
    assert.match(refused.err, /--shear resample/);
    const taken = await capture(['resample', input, output, '--shear', 'resample']);
    assert.equal(taken.exitCode, 0, taken.err);
    assert.ok(voxelCount((await readImage(output)).grid.size) > 60, 'it covers the sheared volume');
  });
});
