import {
  JOB_BLOCK, JOB_POINTS, JOB_STEPS, JOB_TILE, JOB_TILES, JOB_WIDE, STEP_MATRIX,
} from '../../src/job-layout';
import {
  METRIC_CHANNELS, METRIC_END_TILE, METRIC_FIRST_TILE, METRIC_GROUP, METRIC_MOVING, METRIC_MOVING_MASK, METRIC_SLOTS,
  SLOT_BYTES, METRIC_FIXED_JOB,
} from '../../src/metric/metric-layout';
import { forgetRows, isStraight, linePositions, openRow, pointPositions, rowPositions, setLine } from '../positions';
import { CHUNK } from '../scratch';
import { stageTile } from '../stage';
import { innerFrom, innerTo, judgeRow, outerFrom, outerTo, setBounds } from '../straight';
import { takeTile } from '../take-tile';
import { viewSource } from '../tile';
import { channelOf, gatherChunk, gatherFixed, gatherInner, movingMaskBits } from './gather';
import { beginTile, finishChunk } from './finish';

/**
 * Takes so many groups of tiles of a metric's pass at most, 0 for all that are left. The groups, and the order within each,
 * are the operation's, not the threads': their sums have the same bits whoever takes them.
 */
export function measure(job: usize, scratch: usize, most: i32): void {
  do {
    const group = takeTile(job);
    if (group < 0) return;
    if (load<i32>(load<usize>(job, METRIC_MOVING), JOB_WIDE)) measureGroup<f64>(job, scratch, group);
    else measureGroup<f32>(job, scratch, group);
  } while (--most != 0);
}

function measureGroup<F>(job: usize, scratch: usize, group: i32): void {
  const size = load<i32>(job, METRIC_GROUP);
  const first = load<i32>(job, METRIC_FIRST_TILE) + group * size;
  const end = min(first + size, load<i32>(job, METRIC_END_TILE));
  const channels = load<i32>(job, METRIC_CHANNELS);
  for (let channel = 0; channel < channels; channel++) {
    const slot = load<usize>(job, METRIC_SLOTS) + <usize>((first / size) * channels + channel) * SLOT_BYTES;
    for (let tile = first; tile < end; tile++) measureTile<F>(job, scratch, tile, channel, slot);
  }
}

function measureTile<F>(job: usize, scratch: usize, tile: i32, channel: i32, slot: usize): void {
  const moving = load<usize>(job, METRIC_MOVING);
  const across = load<i32>(moving, JOB_TILES);
  const down = load<i32>(moving, JOB_TILES + 4);
  const x0 = (tile % across) * load<i32>(moving, JOB_TILE);
  const y0 = ((tile / across) % down) * load<i32>(moving, JOB_TILE + 4);
  const z0 = (tile / (across * down)) * load<i32>(moving, JOB_TILE + 8);
  const x1 = min(x0 + load<i32>(moving, JOB_TILE), load<i32>(moving, JOB_BLOCK));
  const y1 = min(y0 + load<i32>(moving, JOB_TILE + 4), load<i32>(moving, JOB_BLOCK + 4));
  const z1 = min(z0 + load<i32>(moving, JOB_TILE + 8), load<i32>(moving, JOB_BLOCK + 8));
  const source = channelOf(moving, channel);
  beginTile<F>(job, scratch, tile, channel);
  if (load<usize>(moving, JOB_POINTS) != 0) return measureList<F>(job, scratch, source, channel, x0, x1, slot);
  const straight = isStraight(moving);
  const isStaged = straight && stageTile<F>(moving, scratch, source, x0, x1, y0, y1, z0, z1);
  if (!isStaged) viewSource<F>(moving, scratch, source);
  if (straight) setBounds(moving, scratch);
  else forgetRows();
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      if (straight) measureStraight<F>(job, scratch, source, channel, x0, x1, y, z, slot);
      else measureRow<F>(job, scratch, source, channel, x0, x1, y, z, slot);
    }
  }
}

/** Number of the sample at x, y, z. */
@inline
function sampleAt(moving: usize, x: i32, y: i32, z: i32): i32 {
  return x + load<i32>(moving, JOB_BLOCK) * (y + load<i32>(moving, JOB_BLOCK + 4) * z);
}

/** Samples of a list, from the first-th on. */
function measureList<F>(
  job: usize, scratch: usize, source: usize, channel: i32, first: i32, end: i32, slot: usize,
): void {
  const moving = load<usize>(job, METRIC_MOVING);
  for (let s = first; s < end; s += CHUNK) {
    const n = min(CHUNK, end - s);
    let valid = gatherFixed<F>(job, scratch, channel, s, n);
    if (valid != 0) {
      if (load<usize>(job, METRIC_FIXED_JOB) != 0 || s == first) viewSource<F>(moving, scratch, source);
      pointPositions(moving, scratch, s, n);
      valid &= movingMaskBits(job, scratch, n);
    }
    if (valid != 0) valid &= gatherChunk<F>(moving, scratch, source, n);
    finishChunk<F>(job, scratch, channel, n, valid, s, s, 0, 0, slot);
  }
}

/** x0 to x1 of a row, any map. */
function measureRow<F>(
  job: usize, scratch: usize, source: usize, channel: i32, x0: i32, x1: i32, y: i32, z: i32, slot: usize,
): void {
  const moving = load<usize>(job, METRIC_MOVING);
  openRow(moving, scratch, x0, x1, y, z);
  for (let x = x0; x < x1; x += CHUNK) {
    const n = min(CHUNK, x1 - x);
    const at = sampleAt(moving, x, y, z);
    let valid = gatherFixed<F>(job, scratch, channel, at, n);
    if (valid != 0) {
      rowPositions(moving, scratch, x, y, z, n);
      valid &= movingMaskBits(job, scratch, n);
    }
    if (valid != 0) valid &= gatherChunk<F>(moving, scratch, source, n);
    finishChunk<F>(job, scratch, channel, n, valid, at, x, y, z, slot);
  }
}

/** The same of a row that an affine maps to a straight line: what is surely outside is passed over. */
function measureStraight<F>(
  job: usize, scratch: usize, source: usize, channel: i32, x0: i32, x1: i32, y: i32, z: i32, slot: usize,
): void {
  const moving = load<usize>(job, METRIC_MOVING);
  const isMasked = load<usize>(job, METRIC_MOVING_MASK) != 0;
  setLine(moving, scratch, load<usize>(moving, JOB_STEPS) + STEP_MATRIX, y, z);
  judgeRow(moving, scratch, x0, x1);
  const inner0 = innerFrom;
  const inner1 = innerTo;
  const outer0 = outerFrom;
  const outer1 = outerTo;
  let x = x0;
  while (x < x1) {
    const isOut = x < outer0 || x >= outer1;
    const isInner = x >= inner0 && x < inner1;
    const end = isOut ? (x < outer0 ? outer0 : x1) : isInner ? inner1 : x < inner0 ? inner0 : x < inner1 ? inner1 : outer1;
    const n = min(CHUNK, end - x);
    const at = sampleAt(moving, x, y, z);
    let valid: u64 = isOut ? 0 : gatherFixed<F>(job, scratch, channel, at, n);
    if (valid != 0) {
      if (isMasked || !isInner) linePositions(moving, scratch, <f64>x, n);
      if (isMasked) valid &= movingMaskBits(job, scratch, n);
    }
    if (valid != 0) {
      if (isInner) gatherInner<F>(moving, scratch, <f64>x, n);
      else valid &= gatherChunk<F>(moving, scratch, source, n);
    }
    finishChunk<F>(job, scratch, channel, n, valid, at, x, y, z, slot);
    x += n;
  }
}
