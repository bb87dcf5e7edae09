import {
  TYPE_FLOAT32, TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { FRACTION, FRACTION_AXIS, OFFSET, VALUE } from './scratch';

/**
 * a + (b - a) · t along x, then y, then z, of the 8 (in a picture 4) samples of the cell. Constants stay exact.
 *
 * Four voxels at a time. Limited by the 16 loads of pairs and the 8 shuffles that sort them, not by arithmetic;
 * beyond the cache by memory, see stage.ts.
 */
export function linearNarrow(
  type: i32, scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool,
): void {
  if (type == TYPE_FLOAT32) blend<f32>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_INT16) blend<i16>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT8) blend<u8>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT16) blend<u16>(scratch, start, m, row, plane, flat);
  else blend<i8>(scratch, start, m, row, plane, flat);
}

function blend<T>(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
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
    let value = lerp(pairs<T>(a, b, c, d, tx), pairs<T>(a + row, b + row, c + row, d + row, tx), ty);
    if (!flat) {
      const a1 = a + plane;
      const b1 = b + plane;
      const c1 = c + plane;
      const d1 = d + plane;
      const next = lerp(pairs<T>(a1, b1, c1, d1, tx), pairs<T>(a1 + row, b1 + row, c1 + row, d1 + row, tx), ty);
      value = lerp(value, next, v128.load(t, 2 * FRACTION_AXIS));
    }
    v128.store(out, value);
    t += 16;
    out += 16;
    at += 16;
  }
}

@inline
export function lerp(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/** Along x, between the pairs of samples at four addresses. */
@inline
export function pairs<T>(a: usize, b: usize, c: usize, d: usize, t: v128): v128 {
  if (!isFloat<T>()) return integerPairs<T>(a, b, c, d, t);
  const ab = v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
  const cd = v128.load_lane<u64>(d, v128.load_zero<u64>(c), 1);
  return lerp(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7), t);
}

/** A pair of integers is loaded as one of twice the width, and taken apart by shifts. */
@inline
function integerPairs<T>(a: usize, b: usize, c: usize, d: usize, t: v128): v128 {
  const bits: i32 = sizeof<T>() * 8;
  let both = i32x4.splat(0);
  if (sizeof<T>() == 2) {
    both = v128.load_lane<u32>(a, both, 0);
    both = v128.load_lane<u32>(b, both, 1);
    both = v128.load_lane<u32>(c, both, 2);
    both = v128.load_lane<u32>(d, both, 3);
  } else {
    both = v128.load_lane<u16>(a, both, 0);
    both = v128.load_lane<u16>(b, both, 2);
    both = v128.load_lane<u16>(c, both, 4);
    both = v128.load_lane<u16>(d, both, 6);
  }
  const first = i32x4.shl(both, 32 - bits);
  const second = i32x4.shl(both, 32 - 2 * bits);
  if (isSigned<T>()) {
    return lerp(
      f32x4.convert_i32x4_s(i32x4.shr_s(first, 32 - bits)), f32x4.convert_i32x4_s(i32x4.shr_s(second, 32 - bits)), t);
  }
  return lerp(
    f32x4.convert_i32x4_s(i32x4.shr_u(first, 32 - bits)), f32x4.convert_i32x4_s(i32x4.shr_u(second, 32 - bits)), t);
}

/** The same in float64, one voxel at a time. Limited by its 8 loads and the latency of the sums. */
export function linearWide(
  type: i32, scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool,
): void {
  if (type == TYPE_INT32) blendWide<i32>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT32) blendWide<u32>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_INT16) blendWide<i16>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT8) blendWide<u8>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_UINT16) blendWide<u16>(scratch, start, m, row, plane, flat);
  else if (type == TYPE_INT8) blendWide<i8>(scratch, start, m, row, plane, flat);
  else blendWide<f64>(scratch, start, m, row, plane, flat);
}

function blendWide<T>(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  for (let s = 0; s < m; s++) {
    const at = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    const t = scratch + FRACTION + ((<usize>(start + s)) << 3);
    const tx = load<f64>(t);
    const ty = load<f64>(t, FRACTION_AXIS);
    let value = mix(pair<T>(at, tx), pair<T>(at + row, tx), ty);
    if (!flat) {
      const next = mix(pair<T>(at + plane, tx), pair<T>(at + plane + row, tx), ty);
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
function pair<T>(at: usize, t: f64): f64 {
  return mix(<f64>load<T>(at), <f64>load<T>(at + sizeof<T>()), t);
}
