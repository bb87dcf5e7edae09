import type { Random } from './random.js';

/** Where the voxels of a patch lie around its centre, and in which order: x fastest, as in a tensor [z, y, x]. */
export interface Patch {
  /** Voxels per axis of the model, x first. */
  readonly size: readonly number[];
  /** Millimetres per axis of the model, x first. */
  readonly voxel: readonly number[];
}

export const patchVoxels = ({ size }: Patch): number => size.reduce((n, s) => n * s, 1);

/** Offsets (i - ⌊P / 2⌋) · voxel in millimetres along the fixed image's axes, as many axes as the model has. */
function patchOffsets({ size, voxel }: Patch): Float64Array {
  const dims = size.length;
  const offsets = new Float64Array(size.reduce((n, s) => n * s, 1) * dims);
  for (let p = 0; p < offsets.length / dims; p++) {
    let rest = p;
    for (let a = 0; a < dims; a++) {
      offsets[p * dims + a] = ((rest % size[a]) - Math.floor(size[a] / 2)) * voxel[a];
      rest = Math.floor(rest / size[a]);
    }
  }
  return offsets;
}

/**
 * Fixed indices of all patch voxels around some fixed indices, patch by patch.
 *
 * Along the image's own axes an offset in millimetres is an offset in voxels over the spacing, whatever the
 * direction. A model of two dimensions on a volume sees a random plane around each point.
 *
 * @param spacing - of the fixed image
 */
export function patchPoints(
  points: Float64Array,
  spacing: readonly number[],
  patch: Patch,
  random: Random,
): Float64Array {
  const dims = spacing.length;
  const plane = patch.size.length;
  const offsets = patchOffsets(patch);
  const voxels = offsets.length / plane;
  const all = new Float64Array((points.length / dims) * voxels * dims);
  const axes = new Float64Array(dims * plane);
  for (let a = 0; a < plane; a++) axes[a * plane + a] = 1;
  for (let n = 0; n < points.length / dims; n++) {
    if (plane < dims) randomPlane(random, axes);
    for (let p = 0; p < voxels; p++) {
      const to = (n * voxels + p) * dims;
      for (let a = 0; a < dims; a++) {
        let millimetres = 0;
        for (let b = 0; b < plane; b++) millimetres += axes[a * plane + b] * offsets[p * plane + b];
        all[to + a] = points[n * dims + a] + millimetres / spacing[a];
      }
    }
  }
  return all;
}

/** The first two columns of Rz · Ry · Rx with angles uniform in [0, 2π), row-major 3 × 2. */
function randomPlane(random: Random, axes: Float64Array): void {
  const [x, y, z] = [0, 0, 0].map(() => 2 * Math.PI * random.uniform());
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((t) => [Math.cos(t), Math.sin(t)]);
  axes.set([cz * cy, cz * sy * sx - sz * cx, sz * cy, sz * sy * sx + cz * cx, -sy, cy * sx]);
}
