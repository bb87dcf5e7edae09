import { FRACTION, FRACTION_AXIS, LINE, OFFSET } from './scratch';
import { MAGIC, MAGIC_WORD, UNIT } from './split';
import { viewOrigin, viewPlane, viewRow } from './view';

/**
 * Positions, fractions and addresses of n voxels of a row that is known to be in the view, four at a time and without
 * storing positions: the same operations as in positions.ts and split.ts, so the same bits.
 */
export function placeStraight(scratch: usize, x: f64, n: i32, half: f64, first: i32, shift: i32): void {
  const magic = f64x2.splat(MAGIC + half);
  const back = f32x4.splat(<f32>half);
  const row = i32x4.splat(viewRow(scratch));
  const plane = i32x4.splat(viewPlane(scratch));
  // The word and the first tap of all axes are subtracted at once, from the address.
  const word = MAGIC_WORD - first;
  const skipped = word + word * viewRow(scratch) + word * viewPlane(scratch);
  const origin = i32x4.splat(<i32>viewOrigin(scratch) - (skipped << shift));
  const sx = v128.load_splat<u64>(scratch + LINE);
  const ox = v128.load_splat<u64>(scratch + LINE + 8);
  const sy = v128.load_splat<u64>(scratch + LINE + 16);
  const oy = v128.load_splat<u64>(scratch + LINE + 24);
  const sz = v128.load_splat<u64>(scratch + LINE + 32);
  const oz = v128.load_splat<u64>(scratch + LINE + 40);
  let a = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let t = scratch + FRACTION;
  let at = scratch + OFFSET;
  const end = at + ((<usize>n) << 2);
  do {
    const b = f64x2.add(a, f64x2.splat(2));
    const x0 = f64x2.add(f64x2.add(f64x2.mul(sx, a), ox), magic);
    const x1 = f64x2.add(f64x2.add(f64x2.mul(sx, b), ox), magic);
    const y0 = f64x2.add(f64x2.add(f64x2.mul(sy, a), oy), magic);
    const y1 = f64x2.add(f64x2.add(f64x2.mul(sy, b), oy), magic);
    const z0 = f64x2.add(f64x2.add(f64x2.mul(sz, a), oz), magic);
    const z1 = f64x2.add(f64x2.add(f64x2.mul(sz, b), oz), magic);
    v128.store(t, fraction(x0, x1, back));
    v128.store(t, fraction(y0, y1, back), FRACTION_AXIS);
    v128.store(t, fraction(z0, z1, back), 2 * FRACTION_AXIS);
    const yz = i32x4.add(i32x4.mul(words(y0, y1), row), i32x4.mul(words(z0, z1), plane));
    v128.store(at, i32x4.add(origin, i32x4.shl(i32x4.add(words(x0, x1), yz), shift)));
    a = f64x2.add(a, f64x2.splat(4));
    t += 16;
    at += 16;
  } while (at < end);
  // The last group's unused lanes repeat the last sample, since their own may lie anywhere.
  const last = load<u32>(scratch + OFFSET + ((<usize>(n - 1)) << 2));
  for (let k = n; k & 3; k++) store<u32>(scratch + OFFSET + ((<usize>k) << 2), last);
}

@inline
function words(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

@inline
function fraction(a: v128, b: v128, back: v128): v128 {
  const low = i32x4.shr_u(v128.shuffle<i32>(a, b, 0, 2, 4, 6), 1);
  return f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(low), f32x4.splat(UNIT)), back);
}
