import { VoxhostError } from './errors.js';
import { determinant } from './matrix.js';

/**
 * Where voxels lie in the patient: `physical = origin + direction · diag(spacing) · index`.
 * Millimetres, LPS axes, 2 or 3 dimensions, x fastest. Index 0 is the centre of the first voxel.
 */
export interface Grid {
  /** Voxels per axis, each at least 1. */
  readonly size: readonly number[];
  /** Millimetres between voxel centres, always positive. */
  readonly spacing: readonly number[];
  /** Physical point of the centre of the first voxel. */
  readonly origin: readonly number[];
  /** Row-major D × D; column `a` is the unit physical vector of index axis `a`. May be left-handed. */
  readonly direction: readonly number[];
}

/** What a grid may leave out: spacing 1, origin 0, direction identity. */
export interface GridInput {
  readonly size: readonly number[];
  readonly spacing?: readonly number[];
  readonly origin?: readonly number[];
  readonly direction?: readonly number[];
}

/** Smallest |determinant| of a direction matrix that still spans the space; unit columns give 1. */
const SMALLEST_DETERMINANT = 1e-6;

/** A checked, frozen grid. Throws `BAD_GRID` naming the field that is wrong. */
export function createGrid(input: GridInput): Grid {
  const dims = input.size.length;
  const grid: Grid = {
    size: Object.freeze([...input.size]),
    spacing: Object.freeze([...(input.spacing ?? Array<number>(dims).fill(1))]),
    origin: Object.freeze([...(input.origin ?? Array<number>(dims).fill(0))]),
    direction: Object.freeze([...(input.direction ?? identityDirection(dims))]),
  };
  const problem = gridProblem(grid);
  if (problem !== undefined) throw new VoxhostError('BAD_GRID', problem);
  CHECKED.add(grid);
  return Object.freeze(grid);
}

/** Grids that were found right and cannot change: images over them are checked at each call. */
const CHECKED = new WeakSet<Grid>();

/** The first thing wrong with a grid, or undefined. */
export function gridProblem(grid: Grid): { field: string; reason: string } | undefined {
  if (CHECKED.has(grid)) return undefined;
  const dims = grid.size.length;
  if (dims !== 2 && dims !== 3) return { field: 'size', reason: `has ${dims} axes, not 2 or 3` };
  if (!grid.size.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    return {
      field: 'size',
      reason: `[${grid.size}] has an axis that is no whole number of at least 1`,
    };
  }
  if (grid.spacing.length !== dims || !grid.spacing.every((s) => Number.isFinite(s) && s > 0)) {
    return { field: 'spacing', reason: `[${grid.spacing}] is not ${dims} positive millimetres` };
  }
  if (grid.origin.length !== dims || !grid.origin.every(Number.isFinite)) {
    return { field: 'origin', reason: `[${grid.origin}] is not ${dims} finite millimetres` };
  }
  return directionProblem(grid.direction, dims);
}

function directionProblem(
  direction: readonly number[],
  dims: number,
): { field: string; reason: string } | undefined {
  if (direction.length !== dims * dims || !direction.every(Number.isFinite)) {
    return { field: 'direction', reason: `[${direction}] is not ${dims * dims} finite numbers` };
  }
  if (Math.abs(determinant(direction, dims)) < SMALLEST_DETERMINANT) {
    return { field: 'direction', reason: `[${direction}] is singular` };
  }
  return undefined;
}

/** D × D identity, row-major. */
export function identityDirection(dims: number): number[] {
  return Array.from({ length: dims * dims }, (_, i) => (i % (dims + 1) === 0 ? 1 : 0));
}

/** Number of voxels of a size. */
export function voxelCount(size: readonly number[]): number {
  let count = 1;
  for (let axis = 0; axis < size.length; axis++) count *= size[axis];
  return count;
}

/** A 2-D size as that of a volume of one slice, for what counts three axes; a 3-D size as it is. */
export const asVolume = (size: readonly number[]): readonly number[] =>
  size.length === 2 ? [...size, 1] : size;

/** Index -> physical point, as a row-major D × (D+1) matrix. */
export function indexToPhysical(grid: Grid): Float64Array {
  const dims = grid.size.length;
  const matrix = new Float64Array(dims * (dims + 1));
  for (let r = 0; r < dims; r++) {
    for (let c = 0; c < dims; c++) {
      matrix[r * (dims + 1) + c] = grid.direction[r * dims + c] * grid.spacing[c];
    }
    matrix[r * (dims + 1) + dims] = grid.origin[r];
  }
  return matrix;
}
