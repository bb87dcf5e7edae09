import { affineMap, fieldMap, type IndexMap } from '@voxhost/sdk';
import type { Workload } from './workload.js';

const AXIS = [0.3, 0.5, 0.8];

/** Rotation by some radians about an axis through the centre of n voxels each way (Rodrigues). */
export function rotation(n: number, radians: number): IndexMap {
  return turn([n, n, n], AXIS, radians);
}

/** The same of a volume of any size. */
export function turn(size: readonly number[], axis: readonly number[], radians: number): IndexMap {
  const [x, y, z] = axis.map((v) => v / Math.hypot(...axis));
  const k = [0, -z, y, z, 0, -x, -y, x, 0];
  const centre = size.map((n) => (n - 1) / 2);
  const rows = [0, 1, 2].map((r) => {
    const row = [0, 1, 2].map((col) => {
      const square = k[3 * r] * k[col] + k[3 * r + 1] * k[3 + col] + k[3 * r + 2] * k[6 + col];
      const identity = r === col ? 1 : 0;
      return identity + Math.sin(radians) * k[3 * r + col] + (1 - Math.cos(radians)) * square;
    });
    return [...row, row.reduce((at, slope, col) => at - slope * centre[col], centre[r])];
  });
  return affineMap(rows.flat());
}

const turned = (n: number): IndexMap => rotation(n, 0.1745);
/** 35 degrees obliquely: a quarter of the voxels lies beyond the samples. */
const turnedFar = (n: number): IndexMap => turn([n, n, n], [0, 1, 1], 0.6109);
const scaled = (): IndexMap => affineMap([0.8, 0, 0, 0, 0, 0.8, 0, 0, 0, 0, 0.8, 0]);
const flipped = (n: number): IndexMap => affineMap([-1, 0, 0, n - 1, 0, 1, 0, 0, 0, 0, -1, n - 1]);
/** Output axis 0 runs along input axis 2, 1 along 0, 2 along 1. */
const permuted = (): IndexMap => affineMap([0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0]);

/** A displacement of each voxel, 3 sin(0.05 i + d) along axis d. */
function displaced(n: number): IndexMap {
  const data = new Float32Array(3 * n ** 3);
  const wave = (i: number, d: number): number => 3 * Math.sin(0.05 * i + d);
  const waves = [0, 1, 2].map((d) => Float32Array.from({ length: n }, (_, i) => wave(i, d)));
  let at = 0;
  for (let d = 0; d < 3; d++) {
    for (let z = 0; z < n; z++) {
      for (let y = 0; y < n; y++) {
        for (let x = 0; x < n; x++) data[at++] = waves[d][[x, y, z][(d + 1) % 3]];
      }
    }
  }
  return fieldMap({ lattice: { size: [n, n, n], order: 1, outside: 'buffer', data } });
}

/** A cubic B-spline deformation: 16 control points per axis, 13 cells across the volume. */
function deformed(n: number): IndexMap {
  const data = Float64Array.from({ length: 3 * 16 ** 3 }, (_, i) => 3 * Math.sin(0.7 * i));
  const s = 13 / (n - 1);
  return fieldMap({
    lookup: [s, 0, 0, 1, 0, s, 0, 1, 0, 0, s, 1],
    lattice: { size: [16, 16, 16], order: 3, outside: 'zero', data },
  });
}

export const WORKLOADS: readonly Workload[] = [
  { name: 'affine-nearest', interpolator: 'nearest', map: turned },
  { name: 'affine-linear', interpolator: 'linear', map: turned },
  { name: 'affine-bspline3', interpolator: 'bspline3', map: turned },
  { name: 'scale-linear', interpolator: 'linear', map: scaled },
  { name: 'flip-xz', interpolator: 'linear', map: flipped },
  { name: 'permute-zxy', interpolator: 'linear', map: permuted },
  { name: 'field-linear', interpolator: 'linear', map: displaced },
  { name: 'ffd-linear', interpolator: 'linear', map: deformed },
  { name: 'affine-keys', interpolator: 'keys-0.5', map: turned },
  { name: 'affine-bspline5', interpolator: 'bspline5', map: turned },
  { name: 'affine-lanczos3', interpolator: 'lanczos3', map: turned },
  { name: 'affine-label', interpolator: 'label-linear', map: turned },
];

/** Voxels beyond the samples under the host's default boundary; not on record beside other programs. */
export const EDGE_WORKLOADS: readonly Workload[] = (['nearest', 'linear', 'bspline3'] as const).map(
  (interpolator) => ({
    name: `edge-${interpolator}`,
    interpolator,
    boundary: { kind: 'nearest' },
    map: turnedFar,
  }),
);
