import { isListThat, isObject, object, reading, requireArgument } from './arguments/rule.js';
import { VoxhostError } from './errors.js';
import { determinant } from './matrix.js';
import { show } from './show.js';

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

/** A checked, frozen grid. Throws `BAD_GRID` naming the field that is wrong, `BAD_ARGUMENT` for what has no fields. */
export function createGrid(input: GridInput): Grid {
  requireArgument('input', input, object);
  const { size, spacing, origin, direction } = reading('input', () => completed(input));
  requireGrid({ size, spacing, origin, direction });
  const grid = Object.freeze({
    size: Object.freeze([...size]),
    spacing: Object.freeze([...spacing]),
    origin: Object.freeze([...origin]),
    direction: Object.freeze([...direction]),
  });
  CHECKED.add(grid);
  return grid;
}

/** Grids that were found right and cannot change: images over them are checked at each call. */
const CHECKED = new WeakSet<Grid>();

function completed({ size, spacing, origin, direction }: GridInput): Grid {
  const problem = sizeProblem(size);
  if (problem !== undefined) throw new VoxhostError('BAD_GRID', problem);
  const dims = size.length;
  return {
    size,
    spacing: spacing ?? Array<number>(dims).fill(1),
    origin: origin ?? Array<number>(dims).fill(0),
    direction: direction ?? identityDirection(dims),
  };
}

/** Throws `BAD_GRID` naming the first field that is wrong. */
export function requireGrid(grid: Grid): void {
  const problem = gridProblem(grid);
  if (problem !== undefined) throw new VoxhostError('BAD_GRID', problem);
}

/** What is wrong with a grid: continues the sentence that begins with its field. */
interface GridProblem {
  readonly field: string;
  readonly reason: string;
}

/** The first thing wrong with a grid, or undefined. Throws `BAD_ARGUMENT` for one that cannot be looked at. */
export function gridProblem(grid: Grid): GridProblem | undefined {
  if (CHECKED.has(grid)) return undefined;
  return reading('grid', () => fieldProblem(grid));
}

function fieldProblem(grid: Grid): GridProblem | undefined {
  if (!isObject(grid)) return { field: 'fields', reason: `are missing: it is ${show(grid)}` };
  const { size, spacing, origin, direction } = grid;
  const problem = sizeProblem(size);
  if (problem !== undefined) return problem;
  const dims = size.length;
  if (!isListThat(spacing, isPositive) || spacing.length !== dims) {
    return { field: 'spacing', reason: `${show(spacing)} is not ${dims} positive millimetres` };
  }
  if (!isListThat(origin, Number.isFinite) || origin.length !== dims) {
    return { field: 'origin', reason: `${show(origin)} is not ${dims} finite millimetres` };
  }
  return directionProblem(direction, dims);
}

function sizeProblem(size: readonly number[]): GridProblem | undefined {
  if (!isListThat(size, () => true)) return { field: 'size', reason: `is ${show(size)}, no list` };
  if (size.length !== 2 && size.length !== 3)
    return { field: 'size', reason: `has ${size.length} axes, not 2 or 3` };
  if (isListThat(size, isExtent)) return undefined;
  const reason = `${show(size)} has an axis that is no whole number of at least 1`;
  return { field: 'size', reason };
}

const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;

/** Can an axis have as many voxels? */
export const isExtent = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;

function directionProblem(direction: readonly number[], dims: number): GridProblem | undefined {
  const count = dims * dims;
  if (!isListThat(direction, Number.isFinite) || direction.length !== count) {
    return { field: 'direction', reason: `${show(direction)} is not ${count} finite numbers` };
  }
  if (Math.abs(determinant(direction, dims)) < SMALLEST_DETERMINANT) {
    return { field: 'direction', reason: `${show(direction)} is singular` };
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

/** Index -> physical point, as a row-major D × (D+1) matrix. Throws `BAD_GRID`. */
export function indexToPhysical(grid: Grid): Float64Array {
  requireGrid(grid);
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
