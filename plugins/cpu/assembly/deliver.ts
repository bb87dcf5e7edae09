import {
  TYPE_FLOAT32, TYPE_FLOAT64, TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';

/** Writes n values of type F as pixels: integers rounded half to even and saturated, NaN as 0. */
export function deliver<F>(type: i32, values: usize, n: i32, out: usize): void {
  if (type == TYPE_FLOAT32) toFloat<F, f32>(values, n, out);
  else if (type == TYPE_FLOAT64) toFloat<F, f64>(values, n, out);
  else if (type == TYPE_UINT8) toInteger<F, u8>(values, n, out);
  else if (type == TYPE_INT16) toInteger<F, i16>(values, n, out);
  else if (type == TYPE_UINT16) toInteger<F, u16>(values, n, out);
  else if (type == TYPE_INT8) toInteger<F, i8>(values, n, out);
  else if (type == TYPE_INT32) toInteger<F, i32>(values, n, out);
  else if (type == TYPE_UINT32) toInteger<F, u32>(values, n, out);
}

@inline
function toFloat<F, T>(values: usize, n: i32, out: usize): void {
  let i: usize = 0;
  if (sizeof<F>() == sizeof<T>()) {
    const lanes = 16 / sizeof<T>();
    for (; i + lanes <= <usize>n; i += lanes) v128.store(out + i * sizeof<T>(), v128.load(values + i * sizeof<T>()));
  }
  for (; i < <usize>n; i++) {
    store<T>(out + i * sizeof<T>(), <T>load<F>(values + i * sizeof<F>()));
  }
}

@inline
function toInteger<F, T>(values: usize, n: i32, out: usize): void {
  const bits = <i64>(sizeof<T>() * 8) - (isSigned<T>() ? 1 : 0);
  const high = <f64>((<i64>1 << bits) - 1);
  const low: f64 = isSigned<T>() ? -high - 1 : 0;
  let i: usize = 0;
  if (sizeof<F>() == 4 && sizeof<T>() <= 2) {
    for (; i + 8 <= <usize>n; i += 8) {
      store8<T>(v128.load(values + (i << 2)), v128.load(values + (i << 2), 16), out + i * sizeof<T>());
    }
  }
  if (sizeof<F>() == 8 && sizeof<T>() == 4) {
    for (; i + 2 <= <usize>n; i += 2) v128.store_lane<u64>(out + (i << 2), two<T>(v128.load(values + (i << 3))), 0);
  }
  for (; i < <usize>n; i++) {
    const value = <f64>load<F>(values + i * sizeof<F>());
    const whole = value == value ? Math.min(Math.max(nearest<f64>(value), low), high) : 0;
    store<T>(out + i * sizeof<T>(), <T>whole);
  }
}

/** Two values; conversion takes NaN to 0 and saturates. */
@inline
function two<T>(values: v128): v128 {
  const whole = f64x2.nearest(values);
  return isSigned<T>() ? i32x4.trunc_sat_f64x2_s_zero(whole) : i32x4.trunc_sat_f64x2_u_zero(whole);
}

/** Eight values. Conversion takes NaN to 0 and narrowing saturates; none of them rounds what is whole already. */
@inline
function store8<T>(a: v128, b: v128, out: usize): void {
  const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(a));
  const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(b));
  if (sizeof<T>() == 2) {
    v128.store(out, isSigned<T>() ? i16x8.narrow_i32x4_s(low, high) : i16x8.narrow_i32x4_u(low, high));
    return;
  }
  const words = i16x8.narrow_i32x4_s(low, high);
  const octets = isSigned<T>() ? i8x16.narrow_i16x8_s(words, words) : i8x16.narrow_i16x8_u(words, words);
  v128.store_lane<u64>(out, octets, 0);
}
