import type { Samples } from '../../run.js';

/** The neighbourhood of each sample that counts for itself. */
export interface Windows {
  /** How many there are. */
  readonly count: number;
  /** The sample in the middle of a window. */
  centre(window: number): number;
  /** Calls with every sample of a window, its centre among them. */
  forEach(window: number, visit: (sample: number) => void): void;
}

/** The window of every voxel: the voxels within the radius that the grid has. */
export function gridWindows(size: readonly number[], radius: readonly number[]): Windows {
  const [nx, ny, nz = 1] = size;
  const [rx, ry, rz = 0] = radius;
  return {
    count: nx * ny * nz,
    centre: (window) => window,
    forEach(window, visit) {
      const x = window % nx;
      const y = Math.floor(window / nx) % ny;
      const z = Math.floor(window / (nx * ny));
      for (let k = Math.max(0, z - rz); k <= Math.min(nz - 1, z + rz); k++) {
        for (let j = Math.max(0, y - ry); j <= Math.min(ny - 1, y + ry); j++) {
          for (let i = Math.max(0, x - rx); i <= Math.min(nx - 1, x + rx); i++) {
            visit(i + nx * (j + ny * k));
          }
        }
      }
    },
  };
}

/** Points with all that is around each, whole voxels away, one window after the other. */
export function pointWindows(
  points: Float64Array,
  radius: readonly number[],
): { readonly samples: Samples; readonly windows: Windows } {
  const dims = radius.length;
  const offsets = windowOffsets(radius);
  const width = offsets.length / dims;
  const count = points.length / dims;
  const around = new Float64Array(count * offsets.length);
  for (let i = 0; i < around.length; i++) {
    const window = Math.floor(i / offsets.length);
    around[i] = points[window * dims + (i % dims)] + offsets[i % offsets.length];
  }
  const windows: Windows = {
    count,
    centre: (window) => window * width + (width - 1) / 2,
    forEach(window, visit) {
      for (let k = 0; k < width; k++) visit(window * width + k);
    },
  };
  return { samples: { points: around }, windows };
}

/** Every offset within the radius, D numbers each, x fastest; the middle one is 0. */
function windowOffsets(radius: readonly number[]): readonly number[] {
  return radius
    .reduceRight<readonly (readonly number[])[]>(
      (outer, r) =>
        outer.flatMap((rest) => Array.from({ length: 2 * r + 1 }, (_, i) => [i - r, ...rest])),
      [[]],
    )
    .flat();
}
