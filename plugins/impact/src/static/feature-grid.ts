import { createGrid, type Grid } from '@voxhost/sdk';

/** Points per axis at which a network sees an image: ⌊size · spacing / voxel + 0.5⌋, at least 1. */
export const gridSize = (grid: Grid, voxel: readonly number[]): readonly number[] =>
  grid.size.map((n, a) => Math.max(1, Math.floor((n * grid.spacing[a]) / voxel[a] + 0.5)));

/**
 * The grid of features: origin and direction of the image, and as many millimetres between features as
 * `size` points of `voxel` are over the features' number. No half-voxel shift.
 */
export const featureGrid = (
  image: Grid,
  voxel: readonly number[],
  [points, features]: readonly [readonly number[], readonly number[]],
): Grid =>
  createGrid({
    size: features,
    spacing: voxel.map((mm, a) => (mm * points[a]) / features[a]),
    origin: image.origin,
    direction: image.direction,
  });
