// Vectors of F: four float32 or two float64.

@inline
export function lanes<F>(): i32 { return sizeof<F>() == 4 ? 4 : 2; }
@inline
export function splat<F>(x: f64): v128 { return sizeof<F>() == 4 ? f32x4.splat(<f32>x) : f64x2.splat(x); }
@inline
export function add<F>(a: v128, b: v128): v128 { return sizeof<F>() == 4 ? f32x4.add(a, b) : f64x2.add(a, b); }
@inline
export function sub<F>(a: v128, b: v128): v128 { return sizeof<F>() == 4 ? f32x4.sub(a, b) : f64x2.sub(a, b); }
@inline
export function mul<F>(a: v128, b: v128): v128 { return sizeof<F>() == 4 ? f32x4.mul(a, b) : f64x2.mul(a, b); }
@inline
export function div<F>(a: v128, b: v128): v128 { return sizeof<F>() == 4 ? f32x4.div(a, b) : f64x2.div(a, b); }

/** 0, 1, ... */
@inline
export function ramp<F>(): v128 { return sizeof<F>() == 4 ? f32x4(0, 1, 2, 3) : f64x2(0, 1); }

/** Sum of the lanes. */
@inline
export function total<F>(a: v128): f64 {
  if (sizeof<F>() == 8) return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  const pairs = f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 1)));
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}

@inline
export function accumulate(at: usize, x: f64): void { store<f64>(at, load<f64>(at) + x); }
