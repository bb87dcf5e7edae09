import { FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';

/**
 * a + (b - a) · t along x, then y, then z, of the 8 (in a picture 4) samples of the cell. Constants stay exact.
 *
 * Four voxels at a time. Limited by the 16 loads of pairs and the 8 shuffles that sort them, not by arithmetic;
 * beyond the cache by memory, see stage.ts.
 */
export function linearNarrow(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
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
    let value = lerp(pairs(a, b, c, d, tx), pairs(a + row, b + row, c + row, d + row, tx), ty);
    if (!flat) {
      const a1 = a + plane;
      const b1 = b + plane;
      const c1 = c + plane;
      const d1 = d + plane;
      const next = lerp(pairs(a1, b1, c1, d1, tx), pairs(a1 + row, b1 + row, c1 + row, d1 + row, tx), ty);
      value = lerp(value, next, v128.load(t, 2 * FRACTION_AXIS));
    }
    v128.store(out, value);
    t += 16;
    out += 16;
    at += 16;
  }
}

@inline
function lerp(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/** Along x, between the pairs of samples at four addresses. */
@inline
function pairs(a: usize, b: usize, c: usize, d: usize, t: v128): v128 {
  const ab = v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
  const cd = v128.load_lane<u64>(d, v128.load_zero<u64>(c), 1);
  return lerp(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7), t);
}

/** The same in float64, one voxel at a time. Limited by its 8 loads and the latency of the sums. */
export function linearWide(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  for (let s = 0; s < m; s++) {
    const at = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    const t = scratch + FRACTION + ((<usize>(start + s)) << 3);
    const tx = load<f64>(t);
    const ty = load<f64>(t, FRACTION_AXIS);
    let value = mix(pair(at, tx), pair(at + row, tx), ty);
    if (!flat) {
      const next = mix(pair(at + plane, tx), pair(at + plane + row, tx), ty);
      value = mix(value, next, load<f64>(t, 2 * FRACTION_AXIS));
    }
    store<f64>(scratch + VALUE + ((<usize>(start + s)) << 3), value);
  }
}

@inline
function mix(a: f64, b: f64, t: f64): f64 {
  return a + (b - a) * t;
}

@inline
function pair(at: usize, t: f64): f64 {
  return mix(load<f64>(at), load<f64>(at, 8), t);
}
