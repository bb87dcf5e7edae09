import { LINE } from './scratch';
import { PITCH } from './tight-box';
import { TIGHT_BASE, TIGHT_PLANE, tightHigh, tightLow } from './tight-view';
import { isClamped } from './view';

/** Bytes to the next row. */
const DOWN: usize = <usize>PITCH * 8;
/** 1.5 · 2^52: added to a whole number it leaves that in the low word of the sum. */
const WHOLE: f64 = 6755399441055744;

/**
 * Linear in float64 of n voxels of a straight row, from index x on, in the tight view: positions.ts, split.ts and linear.ts in
 * the same operations, so the same bits, two voxels at a time. False where a value is not finite; then what was written
 * does not count.
 *
 * Limited by its loads more than by its 75 instructions for two voxels: 8 of pairs, of which every fourth is of two cache
 * lines, from a box of twice the bytes of float32, in the second-level cache.
 */
export function blendTightWide(scratch: usize, x: f64, n: i32, out: usize): bool {
  let sum = f64x2.splat(0);
  const clamps = isClamped(scratch);
  if (n > 1) sum = clamps ? blendPairs(scratch, x, n >> 1, out, true) : blendPairs(scratch, x, n >> 1, out, false);
  if (n & 1) {
    const value = blendOne(scratch, x + <f64>(n - 1), clamps);
    sum = f64x2.add(sum, value);
    v128.store_lane<u64>(out + (<usize>(n - 1) << 3), value, 0);
  }
  const odd = f64x2.sub(sum, sum);
  return !v128.any_true(f64x2.ne(odd, odd));
}

/** Answers the sum of the values: not finite again after what is not; large values may overflow, which is taken for the same. */
@inline
function blendPairs(scratch: usize, x: f64, count: i32, out: usize, clamps: bool): v128 {
  const sx = v128.load_splat<u64>(scratch, LINE);
  const ox = v128.load_splat<u64>(scratch, LINE + 8);
  const sy = v128.load_splat<u64>(scratch, LINE + 16);
  const oy = v128.load_splat<u64>(scratch, LINE + 24);
  const sz = v128.load_splat<u64>(scratch, LINE + 32);
  const oz = v128.load_splat<u64>(scratch, LINE + 40);
  const plane = load<usize>(scratch, TIGHT_PLANE);
  const planes = f64x2.splat(<f64>plane);
  const origin = f64x2.splat(WHOLE + <f64>load<i32>(scratch, TIGHT_BASE));
  let index = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let sum = f64x2.splat(0);
  do {
    const px = f64x2.add(f64x2.mul(sx, index), ox);
    const py = f64x2.add(f64x2.mul(sy, index), oy);
    const pz = f64x2.add(f64x2.mul(sz, index), oz);
    const value = blendAt(px, py, pz, origin, planes, plane, scratch, clamps);
    sum = f64x2.add(sum, value);
    v128.store(out, value);
    index = f64x2.add(index, f64x2.splat(2));
    out += 16;
  } while (--count > 0);
  return sum;
}

/** The value at one voxel, twice. */
function blendOne(scratch: usize, x: f64, clamps: bool): v128 {
  const px = load<f64>(scratch, LINE) * x + load<f64>(scratch, LINE + 8);
  const py = load<f64>(scratch, LINE + 16) * x + load<f64>(scratch, LINE + 24);
  const pz = load<f64>(scratch, LINE + 32) * x + load<f64>(scratch, LINE + 40);
  const plane = load<usize>(scratch, TIGHT_PLANE);
  const origin = f64x2.splat(WHOLE + <f64>load<i32>(scratch, TIGHT_BASE));
  return blendAt(f64x2.splat(px), f64x2.splat(py), f64x2.splat(pz), origin, f64x2.splat(<f64>plane), plane, scratch, clamps);
}

/** At two positions; the distance of planes is given as a vector too. Addresses are exact in float64, as integers of its low word. */
@inline
function blendAt(
  px: v128, py: v128, pz: v128, origin: v128, planes: v128, plane: usize, scratch: usize, clamps: bool,
): v128 {
  const cx = f64x2.floor(px);
  const cy = f64x2.floor(py);
  const cz = f64x2.floor(pz);
  // A cell beyond is taken for the last of the view, see clamped-row.ts.
  const bx = clamps ? clamped(scratch, 0, cx) : cx;
  const by = clamps ? clamped(scratch, 1, cy) : cy;
  const bz = clamps ? clamped(scratch, 2, cz) : cz;
  const yz = f64x2.add(f64x2.mul(by, f64x2.splat(<f64>DOWN)), f64x2.mul(bz, planes));
  const at = f64x2.add(f64x2.add(yz, f64x2.mul(bx, f64x2.splat(8))), origin);
  const a = <usize>i32x4.extract_lane(at, 0);
  const b = <usize>i32x4.extract_lane(at, 2);
  const tx = f64x2.sub(px, cx);
  const ty = f64x2.sub(py, cy);
  const near = lerp(pairs(a, b, tx), nextPairs(a, b, tx), ty);
  const far = lerp(pairs(a + plane, b + plane, tx), nextPairs(a + plane, b + plane, tx), ty);
  return lerp(near, far, f64x2.sub(pz, cz));
}

@inline
function clamped(scratch: usize, axis: usize, cell: v128): v128 {
  const low = f64x2.splat(<f64>tightLow(scratch, axis));
  return f64x2.pmax(f64x2.pmin(cell, f64x2.splat(<f64>tightHigh(scratch, axis))), low);
}

@inline
function lerp(a: v128, b: v128, t: v128): v128 {
  return f64x2.add(a, f64x2.mul(f64x2.sub(b, a), t));
}

/** Along x, between the pairs of samples at two addresses. */
@inline
function pairs(a: usize, b: usize, t: v128): v128 {
  const first = v128.load(a);
  const second = v128.load(b);
  return lerp(v128.shuffle<f64>(first, second, 0, 2), v128.shuffle<f64>(first, second, 1, 3), t);
}

/** The same in the next rows, which are a part of the instructions. */
@inline
function nextPairs(a: usize, b: usize, t: v128): v128 {
  const first = v128.load(a, DOWN);
  const second = v128.load(b, DOWN);
  return lerp(v128.shuffle<f64>(first, second, 0, 2), v128.shuffle<f64>(first, second, 1, 3), t);
}
