import { asVolume, type IndexMap, type Metric, voxelCount } from '@voxhost/sdk';
import { pointWindows } from './point-windows.js';

/** Where the samples of a run lie, and the fixed partition in which they are summed. */
export interface Sites {
  readonly dims: number;
  readonly count: number;
  /** Samples are listed; else they are the voxels of the fixed grid, under a map that has a formula. */
  readonly isList: boolean;
  /** x y z; of a list their number, 1, 1. */
  readonly size: readonly number[];
  readonly tile: readonly number[];
  readonly tiles: number;
  /** Fixed points; undefined: every voxel of the grid. */
  readonly points: Float64Array | undefined;
  /** What the moving image is sampled at, before the map's steps; undefined for a grid. */
  readonly list: Float64Array | undefined;
  /** Samples of the window of each point, for a metric that looks around them. */
  readonly windowWidth: number | undefined;
}

const TILE = [64, 32, 32];
const LIST_TILE = [512, 1, 1];

/** @param radius - of a metric that looks around its samples */
export function sitesOf(
  operation: Metric,
  map: IndexMap,
  given: Float64Array | undefined,
  radius: readonly number[] | undefined,
): Sites {
  const { size } = operation.fixed.grid;
  const dims = size.length;
  const around = radius && given && pointWindows(map, given, radius);
  const points = around?.points ?? given;
  const list = map.kind === 'points' ? map.positions : points;
  const count = list === undefined ? voxelCount(size) : list.length / dims;
  const extent = list === undefined ? asVolume(size) : [count, 1, 1];
  const tile = list === undefined ? TILE : LIST_TILE;
  return {
    dims,
    count,
    isList: list !== undefined,
    size: extent,
    tile,
    tiles: extent.reduce((n, length, axis) => n * Math.ceil(length / tile[axis]), 1),
    points,
    list,
    windowWidth: around?.width,
  };
}

/** First voxel and number of voxels of a tile. */
export function tileBlock(
  { size, tile }: Sites,
  number: number,
): { readonly start: readonly number[]; readonly size: readonly number[] } {
  const [across, down] = size.map((n, axis) => Math.ceil(n / tile[axis]));
  const at = [
    number % across,
    Math.floor(number / across) % down,
    Math.floor(number / across / down),
  ];
  const start = at.map((n, axis) => n * tile[axis]);
  return { start, size: start.map((first, axis) => Math.min(tile[axis], size[axis] - first)) };
}

/** Sums are taken together of so many tiles that there are at most so many sums. */
export const groupSize = (tiles: number, most: number): number =>
  Math.max(1, Math.ceil(tiles / most));
