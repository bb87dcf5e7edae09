import { JOB_SHIFT } from '../src/job-layout';
import { CLAMP, FRACTION, FRACTION_AXIS, INDEX, INDEX_AXIS, LINE, OFFSET, STRETCH_AXIS, STRETCH_PLACE } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';
import { tightBase, tightHigh, tightLow, TIGHT_PLANE, TIGHT_ROW } from './tight-view';
import { viewHigh, viewLow, viewOrigin, viewPlane, viewRow } from './view';

// Where the boundary repeats the sample at the edge, a cell farther beyond it than the kernel reaches has the same samples along that
// axis as the last one within reach, up to which a box is staged: so it is taken for that one, at the same distance from its start.

// Of the axis at hand, what the loop loads: first and last cell of the view, as words of split.ts, bytes from cell to cell, what takes
// a position apart, and what of it was added before.
const LOW: usize = CLAMP;
const HIGH: usize = CLAMP + 4;
const APART: usize = CLAMP + 8;
const SCALE: usize = CLAMP + 12;
const SUM: usize = CLAMP + 16;
const HALF: usize = CLAMP + 24;
const FOUR: usize = CLAMP + 32;
const PADDED: usize = CLAMP + 40;

/** What placeTight does, of voxels whose cells may lie beyond the tight view. */
export function placeTightClamped(scratch: usize, x: f64, n: i32): void {
  const at = scratch + STRETCH_PLACE;
  const row = load<i32>(scratch + TIGHT_ROW);
  const plane = load<i32>(scratch + TIGHT_PLANE);
  store<f64>(scratch, MAGIC, SUM);
  fill(at, n, <i32>tightBase(scratch) - MAGIC_WORD * (4 + row + plane));
  for (let axis: usize = 0; axis < 3; axis++) {
    setAxis(scratch, tightLow(scratch, axis), tightHigh(scratch, axis), axis == 0 ? 4 : axis == 1 ? row : plane, MAGIC_WORD);
    addAxis(scratch, axis, x, n, at, at + (axis + 1) * STRETCH_AXIS, false);
  }
  repeatLast(at, n);
}

/**
 * What placeStraight does, or with `half` and `first` 0 placeRow, of voxels whose cells may lie beyond the view, and of samples that
 * were padded.
 */
export function placeClamped(
  job: usize, scratch: usize, x: f64, n: i32, half: f64, first: i32, shift: i32, axes: usize,
): void {
  const at = scratch + OFFSET;
  const row = viewRow(scratch);
  const plane = axes == 3 ? viewPlane(scratch) : 0;
  const word = MAGIC_WORD - first;
  fill(at, n, <i32>viewOrigin(scratch) - ((word * (1 + row + plane)) << shift));
  store<f64>(scratch, MAGIC + half, SUM);
  store<f32>(scratch, <f32>half, HALF);
  for (let axis: usize = 0; axis < axes; axis++) {
    const apart = axis == 0 ? 1 : axis == 1 ? row : plane;
    store<f64>(scratch, load<f64>(job + axis * 8, JOB_SHIFT), PADDED);
    setAxis(scratch, viewLow(scratch, axis), viewHigh(scratch, axis), apart << shift, word);
    addAxis(scratch, axis, x, n, at, scratch + FRACTION + axis * FRACTION_AXIS, true);
  }
  repeatLast(at, n);
}

/** The same of n voxels whose indices are known. */
export function clampIndices(scratch: usize, n: i32): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    const low = i32x4.splat(viewLow(scratch, axis));
    const high = i32x4.splat(viewHigh(scratch, axis));
    const end = scratch + INDEX + axis * INDEX_AXIS + ((<usize>n) << 2);
    for (let at = scratch + INDEX + axis * INDEX_AXIS; at < end; at += 16) {
      v128.store(at, i32x4.min_s(i32x4.max_s(v128.load(at), low), high));
    }
  }
}

@inline
function fill(at: usize, n: i32, origin: i32): void {
  const end = at + ((<usize>n) << 2);
  do {
    v128.store(at, i32x4.splat(origin));
    at += 16;
  } while (at < end);
}

/** `word` is that of the cell whose first tap is sample 0. */
@inline
function setAxis(scratch: usize, low: i32, high: i32, apart: i32, word: i32): void {
  store<i32>(scratch, word + low, LOW);
  store<i32>(scratch, word + high, HIGH);
  store<i32>(scratch, apart, APART);
  store<f32>(scratch, UNIT, SCALE);
  store<f64>(scratch, 4, FOUR);
}

/**
 * Adds to the addresses what the cells along an axis are worth, and stores their fractions: the operations of positions.ts and
 * split.ts, so their bits. With `centred`, a constant where it is called, cells begin HALF before a sample and samples PADDED after
 * that of position 0.
 *
 * Limited by the number of instructions, 22 for four voxels.
 */
@inline
function addAxis(scratch: usize, axis: usize, x: f64, n: i32, at: usize, t: usize, centred: bool): void {
  const slope = v128.load_splat<u64>(scratch + axis * 16, LINE);
  const offset = v128.load_splat<u64>(scratch + axis * 16, LINE + 8);
  const magic = v128.load_splat<u64>(scratch, SUM);
  const four = v128.load_splat<u64>(scratch, FOUR);
  const low = v128.load_splat<u32>(scratch, LOW);
  const high = v128.load_splat<u32>(scratch, HIGH);
  const apart = v128.load_splat<u32>(scratch, APART);
  const unit = v128.load_splat<u32>(scratch, SCALE);
  const end = at + ((<usize>n) << 2);
  let p = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let q = f64x2.add(p, f64x2.splat(2));
  do {
    let a = f64x2.add(f64x2.mul(slope, p), offset);
    let b = f64x2.add(f64x2.mul(slope, q), offset);
    if (centred) {
      a = f64x2.add(a, v128.load_splat<u64>(scratch, PADDED));
      b = f64x2.add(b, v128.load_splat<u64>(scratch, PADDED));
    }
    a = f64x2.add(a, magic);
    b = f64x2.add(b, magic);
    const rest = i32x4.shr_u(v128.shuffle<i32>(a, b, 0, 2, 4, 6), 1);
    const distance = f32x4.mul(f32x4.convert_i32x4_s(rest), unit);
    v128.store(t, centred ? f32x4.sub(distance, v128.load_splat<u32>(scratch, HALF)) : distance);
    const cell = i32x4.min_s(i32x4.max_s(v128.shuffle<i32>(a, b, 1, 3, 5, 7), low), high);
    v128.store(at, i32x4.add(v128.load(at), i32x4.mul(cell, apart)));
    p = f64x2.add(p, four);
    q = f64x2.add(q, four);
    t += 16;
    at += 16;
  } while (at < end);
}

/** Lanes past the last voxel repeat it. */
@inline
function repeatLast(at: usize, n: i32): void {
  const last = load<u32>(at + ((<usize>(n - 1)) << 2));
  for (let k = n; k & 3; k++) store<u32>(at + ((<usize>k) << 2), last);
}
