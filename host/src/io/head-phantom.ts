import {
  createGrid,
  createImage,
  type Grid,
  type Image,
  indexToPhysical,
  requireGrid,
} from '@voxhost/sdk';

/** One solid of the phantom, in its own frame: axes of the head, millimetres from its centre. */
interface Ellipsoid {
  readonly centre: readonly number[];
  readonly radii: readonly number[];
  /** Value of a voxel whose centre is inside; later solids win. */
  readonly value: number;
}

/** A head in Hounsfield units: skin, skull, brain, two ventricles, and a lesion on the patient's left (x > 0). */
export const HEAD: readonly Ellipsoid[] = [
  { centre: [0, 0, 0], radii: [76, 95, 88], value: 40 },
  { centre: [0, 0, 0], radii: [70, 89, 82], value: 1000 },
  { centre: [0, 0, 0], radii: [64, 83, 76], value: 32 },
  { centre: [-11, -4, 8], radii: [6, 26, 11], value: 8 },
  { centre: [11, -4, 8], radii: [6, 26, 11], value: 8 },
  { centre: [34, 22, 14], radii: [9, 9, 9], value: 72 },
];

const AIR = -1000;

/** 48 × 56 × 40 voxels of 3.5 × 3.75 × 5 mm, turned about all three axes, around the scanner's isocentre. */
function phantomGrid(): Grid {
  const direction = rotation(0.1, -0.15, 0.25);
  const [size, spacing] = [
    [48, 56, 40],
    [3.5, 3.75, 5],
  ];
  const half = size.map((n, a) => ((n - 1) / 2) * spacing[a]);
  const origin = [0, 1, 2].map(
    (r) => -half.reduce((sum, h, a) => sum + direction[3 * r + a] * h, 0),
  );
  return createGrid({ size, spacing, origin, direction });
}

/** Turns about x, then y, then z (radians), row-major. */
function rotation(x: number, y: number, z: number): number[] {
  const [sx, cx, sy, cy, sz, cz] = [x, y, z].flatMap((a) => [Math.sin(a), Math.cos(a)]);
  return [
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    -sy,
    cy * sx,
    cy * cx,
  ];
}

/**
 * A head of known contents around the physical point 0, as int16: a voxel has the value of the last solid of
 * `HEAD` that its centre is in, outside -1000. On a 2-D grid: the slice z = 0.
 */
export function headPhantom(grid: Grid = phantomGrid()): Image {
  requireGrid(grid);
  const dims = grid.size.length;
  const affine = indexToPhysical(grid);
  const [nx, ny, nz = 1] = grid.size;
  const data = new Int16Array(nx * ny * nz);
  let i = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) data[i++] = valueAt(physical(affine, dims, [x, y, z]));
    }
  }
  return createImage(grid, data);
}

function physical(affine: Float64Array, dims: number, index: readonly number[]): number[] {
  const point = [0, 0, 0];
  for (let r = 0; r < dims; r++) {
    point[r] = affine[r * (dims + 1) + dims];
    for (let c = 0; c < dims; c++) point[r] += affine[r * (dims + 1) + c] * index[c];
  }
  return point;
}

function valueAt(point: readonly number[]): number {
  const inside = HEAD.findLast(({ centre, radii }) => {
    const sum = centre.reduce((s, c, a) => s + ((point[a] - c) / radii[a]) ** 2, 0);
    return sum <= 1;
  });
  return inside?.value ?? AIR;
}
