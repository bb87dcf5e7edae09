import { lerp, pairs } from './linear';
import { FRACTION, FRACTION_AXIS, LINE, OFFSET } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';
import { viewOrigin, viewPlane, viewRow } from './view';

/**
 * Addresses and fractions of n voxels of a straight row from index x on, whose taps lie in a view of float32: what
 * positions.ts and split.ts do in the same operations, so the same bits, but nothing else.
 *
 * Limited by the number of instructions, 55 for four voxels. Eight at a time, since the compiler would move what is used
 * once per turn into the loop.
 */
export function placeRow(scratch: usize, x: f64, n: i32): void {
  const row = <i32>viewRow(scratch) << 2;
  const plane = <i32>viewPlane(scratch) << 2;
  // The word of all axes is subtracted at once, from the address.
  const origin = i32x4.splat(<i32>viewOrigin(scratch) - MAGIC_WORD * (4 + row + plane));
  const rows = i32x4.splat(row);
  const planes = i32x4.splat(plane);
  const sx = v128.load_splat<u64>(scratch + LINE);
  const ox = v128.load_splat<u64>(scratch + LINE + 8);
  const sy = v128.load_splat<u64>(scratch + LINE + 16);
  const oy = v128.load_splat<u64>(scratch + LINE + 24);
  const sz = v128.load_splat<u64>(scratch + LINE + 32);
  const oz = v128.load_splat<u64>(scratch + LINE + 40);
  const two = f64x2.splat(2);
  let p = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let t = scratch + FRACTION;
  let at = scratch + OFFSET;
  for (const end = at + ((<usize>n) << 2); at < end; at += 32) {
    let q = f64x2.add(p, two);
    placeFour(p, q, sx, ox, sy, oy, sz, oz, rows, planes, origin, t, at);
    p = f64x2.add(q, two);
    q = f64x2.add(p, two);
    placeFour(p, q, sx, ox, sy, oy, sz, oz, rows, planes, origin, t + 16, at + 16);
    p = f64x2.add(q, two);
    t += 32;
  }
  // Lanes past the last voxel may lie anywhere: they repeat it.
  const last = load<u32>(scratch + OFFSET + ((<usize>(n - 1)) << 2));
  for (let k = n; k & 3; k++) store<u32>(scratch + OFFSET + ((<usize>k) << 2), last);
}

@inline
function placeFour(
  p: v128, q: v128, sx: v128, ox: v128, sy: v128, oy: v128, sz: v128, oz: v128, rows: v128, planes: v128, origin: v128,
  t: usize, at: usize,
): void {
  const magic = f64x2.splat(MAGIC);
  const x0 = f64x2.add(f64x2.add(f64x2.mul(sx, p), ox), magic);
  const x1 = f64x2.add(f64x2.add(f64x2.mul(sx, q), ox), magic);
  v128.store(t, distance(x0, x1));
  const y0 = f64x2.add(f64x2.add(f64x2.mul(sy, p), oy), magic);
  const y1 = f64x2.add(f64x2.add(f64x2.mul(sy, q), oy), magic);
  v128.store(t, distance(y0, y1), FRACTION_AXIS);
  const xy = i32x4.add(i32x4.shl(words(x0, x1), 2), i32x4.mul(words(y0, y1), rows));
  const z0 = f64x2.add(f64x2.add(f64x2.mul(sz, p), oz), magic);
  const z1 = f64x2.add(f64x2.add(f64x2.mul(sz, q), oz), magic);
  v128.store(t, distance(z0, z1), 2 * FRACTION_AXIS);
  v128.store(at, i32x4.add(i32x4.add(xy, origin), i32x4.mul(words(z0, z1), planes)));
}

@inline
function words(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/** From the start of the cell. */
@inline
function distance(a: v128, b: v128): v128 {
  const low = i32x4.shr_u(v128.shuffle<i32>(a, b, 0, 2, 4, 6), 1);
  return f32x4.mul(f32x4.convert_i32x4_s(low), f32x4.splat(UNIT));
}

/**
 * Blends n voxels of a view of type T, or with `flat`, a constant where it is called, of a picture, placed at the addresses from `at` and the fractions from `t` on, straight to the
 * output. False where a value is not finite; then what was written does not count.
 *
 * Limited by the number of instructions, 85 for four voxels: 16 loads of pairs, 12 additions to their addresses, the 8
 * shuffles that sort them, and the 21 operations of the blend. In one loop with placing, which it follows, a chain of both
 * would be so long that few turns run side by side: a third slower.
 */
@inline
export function blendRow<T>(at: usize, t: usize, n: i32, row: usize, plane: usize, flat: bool, out: usize): bool {
  let sum = f32x4.splat(0);
  const end = at + ((<usize>n & ~3) << 2);
  while (at < end) {
    const value = blendFour<T>(at, t, row, plane, flat);
    // Not finite again after what is not; large values may overflow, which is taken for the same.
    sum = f32x4.add(sum, value);
    v128.store(out, value);
    t += 16;
    at += 16;
    out += 16;
  }
  if (n & 3) {
    const value = blendFour<T>(at, t, row, plane, flat);
    sum = f32x4.add(sum, value);
    storeSome(out, value, n & 3);
  }
  const odd = f32x4.sub(sum, sum);
  return !v128.any_true(f32x4.ne(odd, odd));
}

@inline
function blendFour<T>(at: usize, t: usize, row: usize, plane: usize, flat: bool): v128 {
  const a = load<usize>(at);
  const b = load<usize>(at, 4);
  const c = load<usize>(at, 8);
  const d = load<usize>(at, 12);
  const tx = v128.load(t);
  const ty = v128.load(t, FRACTION_AXIS);
  const near = lerp(pairs<T>(a, b, c, d, tx), pairs<T>(a + row, b + row, c + row, d + row, tx), ty);
  if (flat) return near;
  const a1 = a + plane;
  const b1 = b + plane;
  const c1 = c + plane;
  const d1 = d + plane;
  const far = lerp(pairs<T>(a1, b1, c1, d1, tx), pairs<T>(a1 + row, b1 + row, c1 + row, d1 + row, tx), ty);
  return lerp(near, far, v128.load(t, 2 * FRACTION_AXIS));
}

/** The first one to three lanes. */
@inline
export function storeSome(out: usize, value: v128, n: i32): void {
  if (n > 1) v128.store_lane<u64>(out, value, 0);
  else v128.store_lane<u32>(out, value, 0);
  if (n == 3) v128.store_lane<u32>(out + 8, value, 2);
}
