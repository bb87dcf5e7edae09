import { type Grid, indexToPhysical, type Pixels } from '@voxhost/sdk';

/** A case's own tolerance: |found - expected| <= atol + rtol · |expected| but for a fraction of the voxels. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
  readonly max_bad_fraction: number;
}

/** Largest |difference|; throws when more than the tolerated fraction is off. */
export function comparePlanes(found: Pixels, expected: Pixels, tol: Tolerance): number {
  if (found.length !== expected.length) {
    throw new Error(`${found.length} values where ${expected.length} are expected`);
  }
  let bad = 0;
  let worst = 0;
  for (let i = 0; i < found.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    worst = Number.isNaN(difference) ? Number.NaN : Math.max(worst, difference);
    if (!(difference <= tol.atol + tol.rtol * Math.abs(expected[i]))) bad++;
  }
  if (bad / found.length <= tol.max_bad_fraction) return worst;
  throw new Error(`${bad} of ${found.length} voxels off, worst by ${worst.toPrecision(3)}`);
}

/** MONAI makes the matrices of rotations and scales in float32: 1e-7 of coordinates up to 100 mm. */
const AFFINE_TOLERANCE = 1e-5;

/** Throws unless the grid has this size and index -> RAS affine. */
export function compareGrid(
  grid: Grid,
  shape: readonly number[],
  affine: readonly (readonly number[])[] | null | undefined,
): void {
  if (grid.size.join() !== shape.slice(1).join()) {
    throw new Error(`size [${grid.size}] where [${shape.slice(1)}] is expected`);
  }
  if (!affine) return;
  const dims = grid.size.length;
  const matrix = indexToPhysical(grid);
  for (let row = 0; row < dims; row++) {
    for (let column = 0; column <= dims; column++) {
      const wanted = affine[row][column === dims ? affine.length - 1 : column];
      const ras = (row < 2 ? -1 : 1) * matrix[row * (dims + 1) + column];
      if (Math.abs(ras - wanted) > AFFINE_TOLERANCE) {
        throw new Error(`affine[${row}][${column}] is ${ras} where ${wanted} is expected`);
      }
    }
  }
}
