import { lerp } from './linear';
import { storeSome } from './linear-row';
import { LINE, STRETCH_AXIS, STRETCH_PLACE } from './scratch';
import { PITCH } from './tight-box';
import { TIGHT_FOUR, TIGHT_MAGIC, TIGHT_ORIGIN, TIGHT_PLANE, TIGHT_ROW, TIGHT_UNIT } from './tight-view';

/** Bytes to the next row. */
const DOWN: usize = <usize>PITCH * 4;

/**
 * Addresses and fractions of n voxels of a straight row, from index x on, in the tight view: what positions.ts and split.ts do
 * in the same operations, so the same bits, but nothing else.
 *
 * Limited by the number of instructions, 54 for four voxels. In two loops, whose constants fit the registers.
 */
export function placeTight(scratch: usize, x: f64, n: i32): void {
  const p = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  placeYZ(scratch, p, n);
  placeX(scratch, p, n);
  // Lanes past the last voxel may lie anywhere: they repeat it.
  const at = scratch + STRETCH_PLACE;
  const last = load<u32>(at + ((<usize>(n - 1)) << 2));
  for (let k = n; k & 3; k++) store<u32>(at + ((<usize>k) << 2), last);
}

@inline
function placeYZ(scratch: usize, p: v128, n: i32): void {
  const rows = v128.load_splat<u32>(scratch + TIGHT_ROW);
  const planes = v128.load_splat<u32>(scratch + TIGHT_PLANE);
  const magic = v128.load_splat<u64>(scratch + TIGHT_MAGIC);
  const unit = v128.load_splat<u32>(scratch + TIGHT_UNIT);
  const four = v128.load_splat<u64>(scratch + TIGHT_FOUR);
  const sy = v128.load_splat<u64>(scratch + LINE + 16);
  const oy = v128.load_splat<u64>(scratch + LINE + 24);
  const sz = v128.load_splat<u64>(scratch + LINE + 32);
  const oz = v128.load_splat<u64>(scratch + LINE + 40);
  let q = f64x2.add(p, f64x2.splat(2));
  let at = scratch + STRETCH_PLACE;
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const y0 = f64x2.add(f64x2.add(f64x2.mul(sy, p), oy), magic);
    const y1 = f64x2.add(f64x2.add(f64x2.mul(sy, q), oy), magic);
    const z0 = f64x2.add(f64x2.add(f64x2.mul(sz, p), oz), magic);
    const z1 = f64x2.add(f64x2.add(f64x2.mul(sz, q), oz), magic);
    p = f64x2.add(p, four);
    q = f64x2.add(q, four);
    v128.store(at, distance(y0, y1, unit), 2 * STRETCH_AXIS);
    v128.store(at, distance(z0, z1, unit), 3 * STRETCH_AXIS);
    v128.store(at, i32x4.add(i32x4.mul(words(y0, y1), rows), i32x4.mul(words(z0, z1), planes)));
  }
}

/** Adds to the addresses that placeYZ has left. */
@inline
function placeX(scratch: usize, p: v128, n: i32): void {
  const origin = v128.load_splat<u32>(scratch + TIGHT_ORIGIN);
  const magic = v128.load_splat<u64>(scratch + TIGHT_MAGIC);
  const unit = v128.load_splat<u32>(scratch + TIGHT_UNIT);
  const four = v128.load_splat<u64>(scratch + TIGHT_FOUR);
  const sx = v128.load_splat<u64>(scratch + LINE);
  const ox = v128.load_splat<u64>(scratch + LINE + 8);
  let q = f64x2.add(p, f64x2.splat(2));
  let at = scratch + STRETCH_PLACE;
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const x0 = f64x2.add(f64x2.add(f64x2.mul(sx, p), ox), magic);
    const x1 = f64x2.add(f64x2.add(f64x2.mul(sx, q), ox), magic);
    p = f64x2.add(p, four);
    q = f64x2.add(q, four);
    v128.store(at, distance(x0, x1, unit), STRETCH_AXIS);
    v128.store(at, i32x4.add(i32x4.add(v128.load(at), origin), i32x4.shl(words(x0, x1), 2)));
  }
}

@inline
function words(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/** From the start of the cell. */
@inline
function distance(a: v128, b: v128, unit: v128): v128 {
  const low = i32x4.shr_u(v128.shuffle<i32>(a, b, 0, 2, 4, 6), 1);
  return f32x4.mul(f32x4.convert_i32x4_s(low), unit);
}

/**
 * Blends n voxels that were placed, straight to where they go. False where a value is not finite; then what was written
 * does not count.
 *
 * Limited by the number of instructions, 65 for four voxels: 16 loads of pairs, of which 8 also shuffle, 8 more shuffles
 * that sort them, 4 addresses and their 4 sums with the plane, and the 21 operations of the blend.
 */
export function blendTight(scratch: usize, n: i32, out: usize): bool {
  const plane = load<usize>(scratch + TIGHT_PLANE);
  let sum = f32x4.splat(0);
  let at = scratch + STRETCH_PLACE;
  for (const end = at + ((<usize>n & ~3) << 2); at < end; at += 16) {
    const value = blendFour(at, plane);
    // Not finite again after what is not; large values may overflow, which is taken for the same.
    sum = f32x4.add(sum, value);
    v128.store(out, value);
    out += 16;
  }
  if (n & 3) {
    const value = blendFour(at, plane);
    sum = f32x4.add(sum, value);
    storeSome(out, value, n & 3);
  }
  const odd = f32x4.sub(sum, sum);
  return !v128.any_true(f32x4.ne(odd, odd));
}

@inline
function blendFour(at: usize, plane: usize): v128 {
  const a = load<usize>(at);
  const b = load<usize>(at, 4);
  const c = load<usize>(at, 8);
  const d = load<usize>(at, 12);
  const tx = v128.load(at, STRETCH_AXIS);
  const ty = v128.load(at, 2 * STRETCH_AXIS);
  const near = lerp(pairs(a, b, c, d, tx), nextPairs(a, b, c, d, tx), ty);
  const a1 = a + plane;
  const b1 = b + plane;
  const c1 = c + plane;
  const d1 = d + plane;
  const far = lerp(pairs(a1, b1, c1, d1, tx), nextPairs(a1, b1, c1, d1, tx), ty);
  return lerp(near, far, v128.load(at, 3 * STRETCH_AXIS));
}

/** Along x, between the pairs of samples at four addresses. */
@inline
function pairs(a: usize, b: usize, c: usize, d: usize, t: v128): v128 {
  const ab = v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
  const cd = v128.load_lane<u64>(d, v128.load_zero<u64>(c), 1);
  return lerp(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7), t);
}

/** The same in the next rows, which are a part of the instructions. */
@inline
function nextPairs(a: usize, b: usize, c: usize, d: usize, t: v128): v128 {
  const ab = v128.load_lane<u64>(b, v128.load_zero<u64>(a, DOWN), 1, DOWN);
  const cd = v128.load_lane<u64>(d, v128.load_zero<u64>(c, DOWN), 1, DOWN);
  return lerp(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7), t);
}
