import { setImmediate } from 'node:timers/promises';
import {
  allocatePixels,
  createImage,
  evaluate,
  type Grid,
  identityMap,
  indexToPhysical,
  jacobian,
  type RunOptions,
  requireGrid,
  sequenceMap,
  voxelCount,
} from '@voxhost/sdk';
import { record, requireArgument } from '@voxhost/sdk/arguments';
import { HostError } from '../errors.js';
import { withProgress } from '../progress.js';
import { RUN_RULES } from '../request-rules.js';
import { displacementField } from './make-transform.js';
import { inOrder, physicalMap } from './physical-maps.js';
import type { DisplacementFieldTransform, Transform } from './transform.js';

/** How closely an inverse must undo its transform: a thousandth of a millimetre is below any voxel. */
const CLOSE_MM = 1e-3;

/** Voxels between two looks at the event loop: some hundredths of a second. */
const BREATH = 4096;

/** Newton doubles the digits of a step; a field that folds does not converge at all. */
const LONGEST = 30;

/**
 * The inverse of any transform as a displacement field on `grid`: at each voxel the point that the transform takes
 * there, by Newton's method with halved steps. Where there is none, beside the reach of a field or where it
 * folds, the field stays at its best guess; `unsolved` counts these voxels.
 * Throws NOT_EXPRESSIBLE when no voxel has an inverse.
 */
export async function invertOnGrid(
  transform: Transform,
  grid: Grid,
  options: RunOptions = {},
): Promise<InvertedField> {
  requireGrid(grid);
  requireArgument('options', options, record(RUN_RULES));
  return withProgress(options, (guarded) => invert(transform, grid, guarded));
}

/** An inverse, and the number of voxels where there is none. */
interface InvertedField {
  readonly field: DisplacementFieldTransform;
  readonly unsolved: number;
}

async function invert(
  transform: Transform,
  grid: Grid,
  { signal, progress }: RunOptions,
): Promise<InvertedField> {
  const dims = grid.size.length;
  const maps = inOrder(transform).map(physicalMap);
  const map = maps.length === 0 ? identityMap(dims) : sequenceMap(maps);
  const voxels = voxelCount(grid.size);
  const planes = allocatePixels('float64', dims * voxels);
  const affine = indexToPhysical(grid);
  let unsolved = 0;
  for (let v = 0; v < voxels; v++) {
    if (v % BREATH === 0) {
      await setImmediate(undefined, { signal });
      progress?.(v / voxels);
    }
    const target = pointOf(affine, grid.size, v);
    const { point, error } = solve(map, target);
    if (!(error < CLOSE_MM)) unsolved++;
    for (let d = 0; d < dims; d++) planes[d * voxels + v] = point[d] - target[d];
  }
  if (unsolved === voxels) {
    throw new HostError('NOT_EXPRESSIBLE', {
      what: 'the inverse of the transform',
      reason: 'was found at no voxel of the grid',
      remedy: 'choose a grid that the transform reaches',
    });
  }
  return { field: displacementField(createImage(grid, planes, dims)), unsolved };
}

function pointOf(affine: Float64Array, size: readonly number[], voxel: number): Float64Array {
  let left = voxel;
  const index = size.map((n) => {
    const i = left % n;
    left = (left - i) / n;
    return i;
  });
  return evaluate({ kind: 'affine', matrix: affine }, index);
}

interface Solution {
  readonly point: Float64Array;
  /** Millimetres between where the transform takes `point` and the target. */
  readonly error: number;
}

type Continuous = Parameters<typeof evaluate>[0];

function solve(map: Continuous, target: Float64Array): Solution {
  let best = at(map, target.slice(), target);
  for (let n = 0; n < LONGEST && best.error >= CLOSE_MM / 10; n++) {
    const next = improved(map, best.point, best.error, target);
    if (next === undefined) break;
    best = next;
  }
  return best;
}

function at(map: Continuous, point: Float64Array, target: Float64Array): Solution {
  const there = evaluate(map, point);
  return { point, error: Math.hypot(...there.map((v, a) => v - target[a])) };
}

/** One Newton step, halved until it comes nearer; undefined when none does. */
function improved(
  map: Continuous,
  point: Float64Array,
  error: number,
  target: Float64Array,
): Solution | undefined {
  const there = evaluate(map, point);
  const step = solveLinear(
    jacobian(map, point),
    there.map((v, a) => target[a] - v),
  );
  if (step === undefined) return undefined;
  for (let share = 1; share > 1e-3; share /= 2) {
    const next = at(
      map,
      point.map((v, a) => v + share * step[a]),
      target,
    );
    if (next.error < error) return next;
  }
  return undefined;
}

/** Solves A · x = b of 2 or 3 unknowns by elimination with pivots; undefined when A is singular. */
function solveLinear(matrix: Float64Array, b: Float64Array): Float64Array | undefined {
  const n = b.length;
  const rows = Array.from(b, (v, r) => [...matrix.subarray(r * n, (r + 1) * n), v]);
  for (let c = 0; c < n; c++) {
    const largest = rows.slice(c).reduce((m, row) => Math.max(m, Math.abs(row[c])), 0);
    if (!(largest > 1e-9)) return undefined;
    const pivot = rows.findIndex((row, r) => r >= c && Math.abs(row[c]) === largest);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return Float64Array.from(rows, (row, r) => row[n] / row[r]);
}
