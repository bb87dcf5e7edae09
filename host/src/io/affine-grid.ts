import { createGrid, type Grid } from '@voxhost/sdk';
import { faultIn } from './bad-file.js';

/**
 * Cosine between two axes above which an affine counts as sheared. Headers written as text with three or
 * four decimals are off by up to this; below it the axes are kept as the file has them, never squared.
 */
const SHEAR_TOLERANCE = 1e-3;

/** Smallest |determinant| of the unit axes that still span the space. */
const SINGULAR = 1e-6;

export interface PlacedGrid {
  readonly grid: Grid;
  readonly affine: Float64Array;
  readonly sheared: boolean;
}

/**
 * The grid of an index -> physical affine (LPS, mm, row-major D × (D+1)). Spacing is the length of each
 * column. Of a sheared affine `grid` has the nearest perpendicular axes (Gram-Schmidt from the first axis) and the true spacing and origin.
 *
 * @param field - where the file keeps the matrix, for the fault
 */
export function placeGrid(
  size: readonly number[],
  affine: Float64Array,
  field: string,
): PlacedGrid {
  const dims = size.length;
  if (!affine.every(Number.isFinite)) throw faultIn(field, 'has a number that is not finite');
  const columns = size.map((_, a) => column(affine, dims, a));
  const spacing = columns.map((c) => Math.hypot(...c));
  const flat = spacing.findIndex((s) => !(s > 0));
  if (flat !== -1) throw faultIn(field, `has an axis ${flat + 1} of length 0`);
  const axes = columns.map((c, a) => c.map((v) => v / spacing[a]));
  const squared = perpendicular(axes, field);
  const sheared = largestCosine(axes) > SHEAR_TOLERANCE;
  const origin = column(affine, dims, dims);
  const direction = rowMajor(sheared ? squared : axes);
  return { grid: createGrid({ size, spacing, origin, direction }), affine, sheared };
}

/** Refuses a sheared volume, which a grid cannot hold. */
export function assertNotSheared(sheared: boolean, field: string): void {
  if (!sheared) return;
  const reason = 'has axes that are not perpendicular, which a grid cannot hold';
  throw faultIn(field, reason, 'resample the shear away with --shear resample');
}

/** Steps after which the iteration has met float64 for any direction within the shear tolerance. */
const POLAR_STEPS = 20;

/**
 * The rotation nearest to a 3 × 3 direction, for headers that hold only rotations: the polar factor by
 * Newton's iteration X <- (X + X⁻ᵀ) / 2 (Higham 1986). A left-handed direction is mirrored in its third axis first.
 */
export function nearestRotation(direction: readonly number[]): {
  rotation: number[];
  mirrored: boolean;
} {
  const mirrored = determinant3(direction) < 0;
  let x = direction.map((v, i) => (mirrored && i % 3 === 2 ? -v : v));
  for (let step = 0; step < POLAR_STEPS; step++) {
    const cofactors = cofactors3(x);
    const det = determinant3(x);
    x = x.map((v, i) => (v + cofactors[i] / det) / 2);
  }
  return { rotation: x, mirrored };
}

/** Inverse transposed times the determinant. */
const cofactors3 = (m: readonly number[]): number[] =>
  [0, 1, 2].flatMap((r) =>
    [0, 1, 2].map((c) => {
      const [r1, r2, c1, c2] = [(r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3];
      return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
    }),
  );

function determinant3(m: readonly number[]): number {
  const cofactors = cofactors3(m);
  return m[0] * cofactors[0] + m[1] * cofactors[1] + m[2] * cofactors[2];
}

const column = (affine: Float64Array, dims: number, c: number): number[] =>
  Array.from({ length: dims }, (_, r) => affine[r * (dims + 1) + c]);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * b[i], 0);

function largestCosine(axes: readonly number[][]): number {
  let largest = 0;
  for (let a = 1; a < axes.length; a++) {
    for (let b = 0; b < a; b++) largest = Math.max(largest, Math.abs(dot(axes[a], axes[b])));
  }
  return largest;
}

function perpendicular(axes: readonly number[][], field: string): number[][] {
  const result: number[][] = [];
  let determinant = 1;
  for (const axis of axes) {
    const rest = [...axis];
    for (const done of result) {
      const along = dot(axis, done);
      for (let i = 0; i < rest.length; i++) rest[i] -= along * done[i];
    }
    const length = Math.hypot(...rest);
    determinant *= length;
    if (determinant < SINGULAR) throw faultIn(field, 'is singular: its axes do not span the space');
    result.push(rest.map((v) => v / length));
  }
  return result;
}

const rowMajor = (axes: readonly number[][]): number[] =>
  axes.flatMap((_, r) => axes.map((axis) => axis[r]));
