import { JOB_DIMS, JOB_LIMIT, JOB_SIZE, JOB_WRAP, LIMIT_SAMPLES } from '../src/job-layout';
import { CURVED_FRACTION, CURVED_OFFSET, FRACTION_AXIS, POSITION, POSITION_AXIS } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';
import { viewHigh, viewLow, viewOrigin, viewPlane, viewRow } from './view';

/**
 * Addresses and fractions for linear of n positions that may lie anywhere, and the bits of those between
 * samples all of whose taps lie in the view; others are given the address of some sample. The operations of split.ts, so its bits.
 *
 * Limited by the number of instructions, 75 for four positions: 10 for each axis to take it apart, 6 to judge it. The loop tests
 * at its end, as V8's compiler takes what stays the same out of a loop only where every turn comes by: tested at its
 * start, this one makes its ten constant vectors in each turn and takes twice the instructions.
 */
export function placeCurved(job: usize, scratch: usize, n: i32, shift: i32): u64 {
  const row = viewRow(scratch) << shift;
  const plane = viewPlane(scratch) << shift;
  const origin = <i32>viewOrigin(scratch);
  // Cells between samples. A position just below 0 is outside of some boundaries, but rounds to 0.
  const reserve = load<i32>(job, JOB_LIMIT) == LIMIT_SAMPLES || load<i32>(job, JOB_WRAP) != 0 ? 1 : 0;
  const lowX = max(viewLow(scratch, 0), reserve);
  const lowY = max(viewLow(scratch, 1), reserve);
  // A picture has one slice, in which all positions lie.
  const flat = load<i32>(job, JOB_DIMS) == 2;
  const lowZ = flat ? 0 : max(viewLow(scratch, 2), reserve);
  const wideX = min(viewHigh(scratch, 0), load<i32>(job, JOB_SIZE) - 2) - lowX;
  const wideY = min(viewHigh(scratch, 1), load<i32>(job, JOB_SIZE + 4) - 2) - lowY;
  const wideZ = flat ? 0 : min(viewHigh(scratch, 2), load<i32>(job, JOB_SIZE + 8) - 2) - lowZ;
  if (wideX < 0 || wideY < 0 || wideZ < 0) return 0;
  const first = origin + (lowX << shift) + lowY * row + lowZ * plane;
  let bits: u64 = 0;
  let k: usize = 0;
  do {
    const p = scratch + POSITION + (k << 3);
    const t = scratch + CURVED_FRACTION + (k << 2);
    const x = cells(p, t, lowX);
    const y = cells(p + POSITION_AXIS, t + FRACTION_AXIS, lowY);
    const z = cells(p + 2 * POSITION_AXIS, t + 2 * FRACTION_AXIS, lowZ);
    const isIn = v128.and(isUpTo(x, wideX), v128.and(isUpTo(y, wideY), isUpTo(z, wideZ)));
    const yz = i32x4.add(i32x4.mul(y, i32x4.splat(row)), i32x4.mul(z, i32x4.splat(plane)));
    const place = v128.and(i32x4.add(i32x4.shl(x, shift), yz), isIn);
    v128.store(scratch + CURVED_OFFSET + (k << 2), i32x4.add(place, i32x4.splat(first)));
    bits |= (<u64>(<u32>i32x4.bitmask(isIn))) << k;
    k += 4;
  } while (k < <usize>n);
  return n == 64 ? bits : bits & ((<u64>1 << n) - 1);
}

/** Cells of four positions along an axis, counted from `low`; their fractions go to t. */
@inline
function cells(p: usize, t: usize, low: i32): v128 {
  const magic = f64x2.splat(MAGIC);
  const a = f64x2.add(v128.load(p), magic);
  const b = f64x2.add(v128.load(p, 16), magic);
  const rest = i32x4.shr_u(v128.shuffle<i32>(a, b, 0, 2, 4, 6), 1);
  v128.store(t, f32x4.mul(f32x4.convert_i32x4_s(rest), f32x4.splat(UNIT)));
  return i32x4.sub(v128.shuffle<i32>(a, b, 1, 3, 5, 7), i32x4.splat(MAGIC_WORD + low));
}

/** 0 <= v <= most; what is no number, or too far to be taken apart, has a word far off. */
@inline
function isUpTo(v: v128, most: i32): v128 {
  return i32x4.eq(i32x4.min_u(v, i32x4.splat(most)), v);
}
