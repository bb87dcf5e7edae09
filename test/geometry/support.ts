import { createGrid, createImage, type Grid, voxelCount } from '@voxhost/sdk';
import {
  affine,
  bspline,
  composite,
  displacementField,
  linear,
  rigid,
  similarity,
  type Transform,
  translation,
  versorRigid,
} from 'voxhost/geometry';

/** Numbers in (-1, 1) that repeat: the sine of a quickly turning angle. */
export const waves = (count: number, step = 1.7): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => Math.sin(step * i + 0.3));

const turned3 = [0.8, -0.6, 0, 0.48, 0.64, -0.6, 0.36, 0.48, 0.8];
const turned2 = [0.6, -0.8, 0.8, 0.6];

/** Oblique grids about the origin, the second left-handed. */
export const oblique = (dims: 2 | 3): { output: Grid; input: Grid } =>
  dims === 3
    ? {
        output: createGrid({
          size: [12, 14, 10],
          spacing: [3, 2.5, 4],
          origin: [-20, -12, -25],
          direction: turned3,
        }),
        input: createGrid({
          size: [16, 11, 13],
          spacing: [2, 3.5, 3],
          origin: [18, -25, -10],
          direction: turned3.map((v, i) => (i % 3 === 0 ? -v : v)),
        }),
      }
    : {
        output: createGrid({
          size: [12, 14],
          spacing: [3, 2.5],
          origin: [-5, -30],
          direction: turned2,
        }),
        input: createGrid({ size: [16, 11], spacing: [2, 3.5], origin: [-20, 5] }),
      };

const lattice = (dims: 2 | 3): Grid =>
  dims === 3
    ? createGrid({
        size: [7, 8, 6],
        spacing: [15, 14, 16],
        origin: [-40, -20, -50],
        direction: turned3,
      })
    : createGrid({ size: [7, 8], spacing: [15, 14], origin: [10, -70], direction: turned2 });

const field = (dims: 2 | 3): Transform => {
  const grid = lattice(dims);
  const data = waves(dims * voxelCount(grid.size), 1.1).map((v) => 4 * v);
  return displacementField(createImage(grid, data, dims));
};

const ffd = (dims: 2 | 3): Transform => {
  const grid = lattice(dims);
  return bspline(
    grid,
    waves(dims * voxelCount(grid.size)).map((v) => 5 * v),
  );
};

const center = [4, -7, 9];

/** One of each kind, and composites of several. */
export const TRANSFORMS: Readonly<Record<string, Transform>> = {
  'translation 2-D': translation([3, -4]),
  'translation 3-D': translation([3, -4, 5]),
  'scale 3-D': linear('scale', 3, [1.1, 0.9, 1.2], { center }),
  'euler-2d': rigid({ rotation: 0.3, translation: [2, -3], center: [5, 6] }),
  'euler-3d': rigid({ rotation: [0.2, -0.3, 0.5], translation: [2, -3, 4], center }),
  'euler-3d zyx': rigid({ rotation: [0.2, -0.3, 0.5], translation: [2, -3, 4], center, zyx: true }),
  'versor-rigid-3d': versorRigid({ versor: [0.2, -0.3, 0.4], translation: [2, -3, 4], center }),
  'similarity-2d': similarity({ scale: 1.2, rotation: 0.3, translation: [2, -3], center: [5, 6] }),
  'similarity-3d': similarity({ scale: 0.8, rotation: [0.2, -0.3, 0.5], translation: [1, 2, 3] }),
  'affine 2-D': affine({ matrix: [1.1, 0.2, -0.3, 0.9], translation: [3, -4], center: [5, 6] }),
  'affine 3-D': affine({
    matrix: [1.1, 0.2, -0.1, -0.3, 0.9, 0.15, 0.05, -0.2, 1.2],
    translation: [3, -5, 8],
    center,
  }),
  'bspline 2-D': ffd(2),
  'bspline 3-D': ffd(3),
  'displacement-field 2-D': field(2),
  'displacement-field 3-D': field(3),
  'composite of linear': composite([
    translation([3, -4, 5]),
    rigid({ rotation: [0.2, -0.3, 0.5], center }),
  ]),
  'composite of all': composite([
    rigid({ rotation: [0.1, 0.2, -0.1], center }),
    field(3),
    affine({ matrix: [1.05, 0.02, 0, 0, 0.95, 0, 0, 0.1, 1], translation: [1, 1, -1] }),
    ffd(3),
  ]),
};
