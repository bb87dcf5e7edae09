import { FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';

/**
 * Σ over the 8 (in a picture 4) samples of the cell, each weighed by (1 - t) or t per axis: x first, then y, z.
 *
 * Four voxels at a time. Limited by the 16 loads of pairs and the 8 shuffles that sort them, not by arithmetic;
 * beyond the cache by memory, see stage.ts. The weights 1 - t and t are exact at both ends of a cell, which
 * a + (b - a)·t is not.
 */
export function linearNarrow(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  const one = f32x4.splat(1);
  let t = scratch + FRACTION + ((<usize>start) << 2);
  let out = scratch + VALUE + ((<usize>start) << 2);
  let at = scratch + OFFSET;
  const end = at + ((<usize>m) << 2);
  while (at < end) {
    const a = load<usize>(at);
    const b = load<usize>(at, 4);
    const c = load<usize>(at, 8);
    const d = load<usize>(at, 12);
    const tx = v128.load(t);
    const ty = v128.load(t, FRACTION_AXIS);
    const ux = f32x4.sub(one, tx);
    const uy = f32x4.sub(one, ty);
    let value = f32x4.add(
      f32x4.mul(uy, pairs(a, b, c, d, ux, tx)),
      f32x4.mul(ty, pairs(a + row, b + row, c + row, d + row, ux, tx)));
    if (!flat) {
      const tz = v128.load(t, 2 * FRACTION_AXIS);
      const a1 = a + plane;
      const b1 = b + plane;
      const c1 = c + plane;
      const d1 = d + plane;
      const next = f32x4.add(
        f32x4.mul(uy, pairs(a1, b1, c1, d1, ux, tx)),
        f32x4.mul(ty, pairs(a1 + row, b1 + row, c1 + row, d1 + row, ux, tx)));
      value = f32x4.add(f32x4.mul(f32x4.sub(one, tz), value), f32x4.mul(tz, next));
    }
    v128.store(out, value);
    t += 16;
    out += 16;
    at += 16;
  }
}

/** u · first + t · second of the pairs of samples at four addresses. */
@inline
function pairs(a: usize, b: usize, c: usize, d: usize, u: v128, t: v128): v128 {
  const ab = v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
  const cd = v128.load_lane<u64>(d, v128.load_zero<u64>(c), 1);
  return f32x4.add(
    f32x4.mul(u, v128.shuffle<f32>(ab, cd, 0, 2, 4, 6)),
    f32x4.mul(t, v128.shuffle<f32>(ab, cd, 1, 3, 5, 7)));
}
