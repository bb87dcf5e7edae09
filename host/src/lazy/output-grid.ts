import { createGrid, type Grid, requireGrid, VoxhostError } from '@voxhost/sdk';
import { having, numbers, optional, requireArgument, show, text } from '@voxhost/sdk/arguments';
import { type AxisTurn, axisTurns } from './axcodes.js';

/** What an output grid is asked to be; what is absent stays as in the source. */
export interface OutputGridRequest {
  /** Millimetres along each axis of the output. */
  readonly spacing?: readonly number[];
  /** Voxels along each axis of the output. */
  readonly size?: readonly number[];
  /** The grid itself; nothing else may be asked then. */
  readonly like?: Grid;
  /** Letters that the output's axes run towards, for example `RAS`; done first, so spacing and size are those of the turned axes. */
  readonly orientation?: string;
}

const REQUEST = having({
  spacing: optional(numbers),
  size: optional(numbers),
  orientation: optional(text),
});

/**
 * The grid that was asked for, over the same physical extent: from outer edge to outer edge of the source's
 * voxels, about the same centre. `spacing` gives the whole number of voxels closest to that extent, `size`
 * the spacing that fills it exactly, so a change of spacing and back gives the size back, and neither cuts
 * nor shifts the volume. (MONAI's Spacing keeps the first voxel's centre instead: `voxhost/lazy` has it.)
 * Throws `BAD_ARGUMENT`.
 */
export function outputGrid(source: Grid, request: OutputGridRequest): Grid {
  requireGrid(source);
  requireArgument('request', request, REQUEST);
  if (request.like !== undefined) return requireAlone(request, request.like, source.size.length);
  const turned =
    request.orientation === undefined
      ? source
      : turnGrid(source, axisTurns(source, request.orientation));
  const size = request.size ?? sizeAt(turned, request.spacing);
  requirePositive('size', size, turned.size.length);
  if (!size.every(Number.isSafeInteger)) throw bad('size', `is ${show(size)}, not whole voxels`);
  const spacing = request.spacing ?? turned.spacing.map((s, a) => (s * turned.size[a]) / size[a]);
  requirePositive('spacing', spacing, turned.size.length);
  return createGrid({
    size,
    spacing,
    direction: turned.direction,
    origin: centredOrigin(turned, size, spacing),
  });
}

/** The same voxels with axes permuted and reversed: `physical` of every voxel stays. */
function turnGrid(grid: Grid, turns: readonly AxisTurn[]): Grid {
  const dims = grid.size.length;
  const pick = (values: readonly number[]): number[] => turns.map(({ axis }) => values[axis] ?? 1);
  const direction = Array.from({ length: dims * dims }, (_, i) => {
    const turn = turns[i % dims];
    const value = grid.direction[Math.floor(i / dims) * dims + (turn?.axis ?? 0)] ?? 0;
    return turn?.flip === true ? 0 - value : value;
  });
  const origin = grid.origin.map((o, row) =>
    turns.reduce((sum, { axis, flip }) => {
      if (!flip) return sum;
      const length = grid.spacing[axis] * (grid.size[axis] - 1);
      return sum + grid.direction[row * dims + axis] * length;
    }, o),
  );
  return createGrid({ size: pick(grid.size), spacing: pick(grid.spacing), direction, origin });
}

/** Slack for sizes that are whole but for rounding errors of the spacing. */
const WHOLE_VOXEL_SLACK = 1e-6;

function sizeAt(grid: Grid, spacing: readonly number[] | undefined): readonly number[] {
  if (spacing === undefined) return grid.size;
  requirePositive('spacing', spacing, grid.size.length);
  return grid.size.map((n, a) => {
    const voxels = (n * grid.spacing[a]) / spacing[a];
    return Math.max(1, Math.floor(voxels + 0.5 + WHOLE_VOXEL_SLACK));
  });
}

/** Where the first voxel lies so that the volume keeps its centre. */
function centredOrigin(grid: Grid, size: readonly number[], spacing: readonly number[]): number[] {
  const dims = grid.size.length;
  const moves = grid.size.map(
    (n, a) => ((n - 1) * grid.spacing[a] - (size[a] - 1) * spacing[a]) / 2,
  );
  return grid.origin.map((o, row) =>
    moves.reduce((sum, move, a) => sum + grid.direction[row * dims + a] * move, o),
  );
}

function requireAlone(request: OutputGridRequest, like: Grid, dims: number): Grid {
  if (
    request.size !== undefined ||
    request.spacing !== undefined ||
    request.orientation !== undefined
  ) {
    throw bad('like', 'already gives size, spacing and orientation; leave those out');
  }
  requireGrid(like);
  if (like.size.length !== dims) {
    throw bad('like', `has ${like.size.length} dimensions where the image has ${dims}`);
  }
  return like;
}

function requirePositive(argument: string, values: readonly number[], dims: number): void {
  if (values.length === dims && values.every((v) => Number.isFinite(v) && v > 0)) return;
  throw bad(argument, `is ${show(values)}, not ${dims} positive numbers`);
}

const bad = (argument: string, reason: string): VoxhostError =>
  new VoxhostError('BAD_ARGUMENT', { argument, reason });
