import {
  JOB_ABORT, JOB_BLOCK, JOB_CHANNEL, JOB_CHANNELS, JOB_DIMS, JOB_GRADIENT, JOB_HELD_FIRST, JOB_HELD_LAST,
  JOB_INTERPOLATOR, JOB_LOOKUP, JOB_OUT, JOB_OUT_PLANE, JOB_OUT_TYPE, JOB_PLANE, JOB_POINTS, JOB_ROW, JOB_SOURCE,
  JOB_SOURCE_TYPE, JOB_TILE, JOB_TILES, JOB_WIDE, LABEL_LINEAR, LINEAR, TYPE_FLOAT32,
} from '../src/job-layout';
import { sampleChunk } from './chunk';
import { openNearest } from './nearest-row';
import { forgetRows, isStraight, openRow, pointPositions, rowPositions } from './positions';
import { setEnds } from './row-ends';
import { isSeparable, MOST_WIDTH, sampleSeparable } from './separable';
import { exceedsCache, stageRaw, stageTile } from './stage';
import { setBounds } from './straight';
import { sampleStraight } from './straight-row';
import { bytesOf, copiesSamples, typeOf } from './sample';
import { CHUNK } from './scratch';
import { takeTile } from './take-tile';
import { tapCount } from './taps';
import { isTight, stageTight } from './tight-box';
import { missesSamples } from './tile-range';
import { touchNearest } from './touch';
import { closeView, limitView, openView } from './view';

/** Voxels below which a part of a tile is not divided again. */
const LEAST_PART: i32 = 4096;

/** Takes so many tiles of a job at most, 0 for all that are left. Called by every thread, each with its own scratch memory. */
export function work(job: usize, scratch: usize, most: i32): void {
  do {
    const tile = takeTile(job);
    if (tile < 0) return;
    if (load<i32>(job, JOB_WIDE)) runTile<f64>(job, scratch, tile);
    else runTile<f32>(job, scratch, tile);
  } while (--most != 0);
}

function runTile<F>(job: usize, scratch: usize, tile: i32): void {
  const across = load<i32>(job, JOB_TILES);
  const down = load<i32>(job, JOB_TILES + 4);
  const x0 = (tile % across) * load<i32>(job, JOB_TILE);
  const y0 = ((tile / across) % down) * load<i32>(job, JOB_TILE + 4);
  const z0 = (tile / (across * down)) * load<i32>(job, JOB_TILE + 8);
  const x1 = min(x0 + load<i32>(job, JOB_TILE), load<i32>(job, JOB_BLOCK));
  const y1 = min(y0 + load<i32>(job, JOB_TILE + 4), load<i32>(job, JOB_BLOCK + 4));
  const z1 = min(z0 + load<i32>(job, JOB_TILE + 8), load<i32>(job, JOB_BLOCK + 8));
  const channels = load<i32>(job, JOB_CHANNELS);
  const bytes = bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  for (let channel = 0; channel < channels && !atomic.load<i32>(job, JOB_ABORT); channel++) {
    const source = load<usize>(job, JOB_SOURCE) + <usize>channel * load<usize>(job, JOB_CHANNEL) * bytes;
    const separable = sizeof<F>() == 4 && isStraight(job) && isSeparable(job);
    const step = separable ? MOST_WIDTH : x1 - x0;
    for (let x = x0; x < x1; x += step) {
      const end = min(x + step, x1);
      if (separable && runSeparable(job, scratch, source, channel, x, end, y0, y1, z0, z1)) continue;
      runBox<F>(job, scratch, source, channel, x, end, y0, y1, z0, z1);
    }
  }
}

/** A tile, or the parts of one whose box exceeds the cache. */
function runBox<F>(
  job: usize, scratch: usize, source: usize, channel: i32, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): void {
  if (isStraight(job) && missesSamples(job, x0, x1, y0, y1, z0, z1)) {
    viewSource<F>(job, scratch, source);
    return sampleTile<F>(job, scratch, source, channel, x0, x1, y0, y1, z0, z1);
  }
  const isStaged = isStraight(job) && stage<F>(job, scratch, source, x0, x1, y0, y1, z0, z1);
  if (!isStaged && isStraight(job) && exceedsCache && isDivisible(x0, x1, y0, y1, z0, z1)) {
    const isLong = x1 - x0 > CHUNK || x1 - x0 >= max(y1 - y0, z1 - z0);
    const x = isLong ? (x0 + x1) >> 1 : x1;
    const y = !isLong && y1 - y0 >= z1 - z0 ? (y0 + y1) >> 1 : y1;
    const z = !isLong && y == y1 ? (z0 + z1) >> 1 : z1;
    runBox<F>(job, scratch, source, channel, x0, x, y0, y, z0, z);
    runBox<F>(job, scratch, source, channel, isLong ? x : x0, x1, y < y1 ? y : y0, y1, z < z1 ? z : z0, z1);
    return;
  }
  if (!isStaged) viewSource<F>(job, scratch, source);
  sampleTile<F>(job, scratch, source, channel, x0, x1, y0, y1, z0, z1);
}

@inline
function isDivisible(x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): bool {
  return (x1 - x0) * (y1 - y0) * (z1 - z0) > LEAST_PART;
}

/** Brings what a tile looks at to the cache, mostly as a copy, and views that. False where it does not pay, or would if the tile was smaller. */
function stage<F>(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  const isLabel = load<i32>(job, JOB_INTERPOLATOR) == LABEL_LINEAR;
  if (copiesSamples(job) && isLabel) return stageRaw(job, scratch, source, x0, x1, y0, y1, z0, z1);
  // For voxels that are not inner, beside a tight view.
  viewSource<F>(job, scratch, source);
  if (copiesSamples(job)) return touchNearest(job, scratch, source, x0, x1, y0, y1, z0, z1);
  if (isTight(job)) {
    if (stageTight<F>(job, scratch, source, x0, x1, y0, y1, z0, z1)) return true;
    // Tight boxes of its parts copy less than the whole box of the tile.
    if (exceedsCache && isDivisible(x0, x1, y0, y1, z0, z1)) return false;
  }
  return stageTile<F>(job, scratch, source, x0, x1, y0, y1, z0, z1);
}

function runSeparable(
  job: usize, scratch: usize, source: usize, channel: i32, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): bool {
  const bytes = bytesOf(load<i32>(job, JOB_OUT_TYPE));
  const row = load<usize>(job, JOB_BLOCK) * bytes;
  const slice = row * load<usize>(job, JOB_BLOCK + 4);
  const plane = load<usize>(job, JOB_OUT) + <usize>channel * load<usize>(job, JOB_OUT_PLANE) * bytes;
  const out = plane + <usize>x0 * bytes + <usize>y0 * row + <usize>z0 * slice;
  return sampleSeparable(job, scratch, source, x0, x1, y0, y1, z0, z1, out, row, slice);
}

/** Views the source itself, where kernels can. */
export function viewSource<F>(job: usize, scratch: usize, source: usize): void {
  closeView(scratch);
  openView(scratch, load<i32>(job, JOB_SOURCE_TYPE), source, load<i32>(job, JOB_ROW), load<i32>(job, JOB_PLANE));
  if (!isViewable<F>(job)) return;
  const reach = tapCount(load<i32>(job, JOB_INTERPOLATOR)) - 1;
  for (let axis: usize = 0; axis < 3; axis++) {
    const flat = axis == 2 && load<i32>(job, JOB_DIMS) == 2;
    const last = load<i32>(job + (axis << 2), JOB_HELD_LAST);
    limitView(scratch, axis, load<i32>(job + (axis << 2), JOB_HELD_FIRST), last - (flat ? 0 : reach));
  }
}

/** Can kernels read the source as it is: the type of arithmetic, or integers where they take them, all in memory? */
function isViewable<F>(job: usize): bool {
  if (load<usize>(job, JOB_LOOKUP) != 0) return false;
  const type = load<i32>(job, JOB_SOURCE_TYPE);
  if (type == typeOf<F>()) return true;
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  if (type >= TYPE_FLOAT32) return false;
  return interpolator <= LINEAR || interpolator == LABEL_LINEAR || (sizeof<F>() == 4 && load<i32>(job, JOB_GRADIENT) == 0);
}

function sampleTile<F>(
  job: usize, scratch: usize, source: usize, channel: i32, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32,
): void {
  const width = load<usize>(job, JOB_BLOCK);
  const height = load<usize>(job, JOB_BLOCK + 4);
  const bytes = bytesOf(load<i32>(job, JOB_OUT_TYPE));
  const plane = load<usize>(job, JOB_OUT) + <usize>channel * load<usize>(job, JOB_OUT_PLANE) * bytes;
  const straight = isStraight(job);
  if (straight) {
    setBounds(job, scratch);
    setEnds(job, scratch, x0, x1, y0, y1, z0, z1);
    openNearest(job, scratch);
  } else forgetRows();
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      const out = plane + (<usize>y + <usize>z * height) * width * bytes;
      if (straight) sampleStraight<F>(job, scratch, source, x0, x1, y, z, out);
      else sampleRow<F>(job, scratch, source, x0, x1, y, z, out);
    }
  }
}

/** x0 to x1 of a row of the block, or of a list of points, whose first value is written to `out`. */
function sampleRow<F>(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y: i32, z: i32, out: usize,
): void {
  const isList = load<usize>(job, JOB_POINTS) != 0;
  const bytes = bytesOf(load<i32>(job, JOB_OUT_TYPE));
  if (!isList) openRow(job, scratch, x0, x1, y, z);
  for (let x = x0; x < x1; x += CHUNK) {
    const n = min(CHUNK, x1 - x);
    if (isList) pointPositions(job, scratch, x, n);
    else rowPositions(job, scratch, x, y, z, n);
    sampleChunk<F>(job, scratch, source, n, out + <usize>x * bytes);
  }
}
