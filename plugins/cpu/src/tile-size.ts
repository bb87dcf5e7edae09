import {
  type AffineMap,
  type FieldMap,
  type IndexMap,
  type Interpolator,
  mapMembers,
  type Resample,
  splineOrder,
} from '@voxhost/sdk';
import { isWide } from './coefficients.js';

/** Under an affine: long rows, so deep that what tiles read twice is little, and small enough to stay in a cache. */
const BOX = [128, 20, 20] as const;
/** Under a scaling: whole rows, of which neighbours share what was interpolated, and few slices, so that parts are done early. */
const SHEET = [512, 32, 16] as const;
/**
 * Under any other map: long, since the rows of a field are read once, and from memory; and high, since samples are read where they
 * lie, and those between tiles by both.
 */
const BEAM = [256, 64, 16] as const;
/** The same where threads share a block, and wait for whoever has its last tile. */
const SHARED_BEAM = [256, 16, 16] as const;
/** What a worker does before it looks whether the run was aborted, in multiplications: some milliseconds. It looks after each channel. */
const MOST_WORK = 2 ** 23;

/** Voxels of a tile, x y z: fewer the dearer a value of each of them is, so that an aborted run stops soon whatever it computes. */
export function tileSize(operation: Resample, map: IndexMap, threads: number): readonly number[] {
  const largest = largestTile(operation, map, threads);
  const [x, y, z] = largest;
  const rows = Math.max(1, Math.floor(MOST_WORK / (x * workOf(operation, map))));
  if (rows >= y * z) return largest;
  const high = Math.min(y, 2 ** Math.floor(Math.log2(rows) / 2));
  return [x, high, Math.min(z, Math.max(1, Math.floor(rows / high)))];
}

function largestTile(operation: Resample, map: IndexMap, threads: number): readonly number[] {
  if (map.kind !== 'affine') return threads > 1 ? SHARED_BEAM : BEAM;
  return isSeparable(operation, map) ? SHEET : BOX;
}

/**
 * Does a voxel cost little more than to bring it there? A scaling that does not shrink, interpolated axis by axis: two
 * threads were measured to take as long as one, which has all in its own cache.
 */
export function isBoundByCopies(operation: Resample, map: IndexMap): boolean {
  return (
    isSeparable(operation, map) &&
    map.matrix.every((value, i) => isOffset(map, i) || Math.abs(value) <= 1)
  );
}

function isSeparable(operation: Resample, map: IndexMap): map is AffineMap {
  const { interpolator, gradient } = operation;
  if (interpolator !== 'linear' || gradient || isWide(operation)) return false;
  return map.kind === 'affine' && isScaling(map);
}

/** Does each axis of the source follow the same axis of the output? */
function isScaling(map: AffineMap): boolean {
  const width = columnsOf(map);
  return map.matrix.every((value, i) => {
    const isDiagonal = Math.floor(i / width) === i % width;
    return isOffset(map, i) || (value !== 0) === isDiagonal;
  });
}

const columnsOf = ({ matrix }: AffineMap): number => (matrix.length === 6 ? 3 : 4);

const isOffset = (map: AffineMap, i: number): boolean => i % columnsOf(map) === columnsOf(map) - 1;

/** Of a list. */
export const POINTS_TILE = [4096, 1, 1] as const;

/** Tiles that a thread may have at least, so that all are busy to the end of a small block. */
const TILES_PER_THREAD = 4;
/** Rows of a tile that is not divided: smaller ones copy much of the source twice. */
const LEAST_ROWS = 48;
/** The same of a list, nothing of which is read twice. */
const LEAST_POINTS = 128;

/** A tile, or a part of one where there would be too few of them for the threads. */
export function spreadTile(
  tile: readonly number[],
  size: readonly number[],
  threads: number,
): readonly number[] {
  let [x, y, z] = tile.map((n, axis) => Math.min(n, size[axis]));
  const isList = size[1] * size[2] === 1;
  const count = (): number =>
    Math.ceil(size[0] / x) * Math.ceil(size[1] / y) * Math.ceil(size[2] / z);
  while (threads > 1 && count() < TILES_PER_THREAD * threads) {
    if (isList ? x < 2 * LEAST_POINTS : y * z < 2 * LEAST_ROWS) break;
    if (isList) x = Math.ceil(x / 2);
    else if (y >= z) y = Math.ceil(y / 2);
    else z = Math.ceil(z / 2);
  }
  return [x, y, z];
}

/** Multiplications that a value of a channel takes, roughly; two at a time in float64, and so twice as many. */
function workOf(operation: Resample, map: IndexMap): number {
  const { interpolator, gradient, source } = operation;
  const taps = tapsOf(interpolator) ** source.grid.size.length;
  const each = interpolator === 'label-linear' ? taps * taps : taps * (gradient ? 2 : 1);
  const mapped = mapMembers(map).reduce((sum, step) => sum + workOfStep(step), 0);
  return (each + mapped) * (isWide(operation) ? 2 : 1);
}

/** 8 or 64 taps of a vector. */
function workOfStep(step: AffineMap | FieldMap): number {
  if (step.kind === 'affine') return 9;
  return step.lattice.order === 3 ? 192 : 24;
}

function tapsOf(interpolator: Interpolator): number {
  const order = splineOrder(interpolator);
  if (order !== undefined) return order + 1;
  if (interpolator.startsWith('keys')) return 4;
  if (interpolator === 'lanczos3') return 6;
  return interpolator.startsWith('bspline') ? 6 : 2;
}
