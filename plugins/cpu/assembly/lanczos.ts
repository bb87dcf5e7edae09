/** sin π/3. */
const HALF_ROOT_3: f32 = 0.8660254037844386;

/**
 * sinc(r) · sinc(r/3) at r = t + k, k from 2 to -3, divided by their sum, lanes being axes: there 3/π² and all of
 * sin πr but its sign cancel, and (-1)^k sin(πr/3) / r² is left, by the addition theorem from sin πt/3 and cos πt/3.
 * Exact at t = 0 and 1, where one weight is 1.
 */
@inline
export function lanczosWeights(t: v128, s: v128, w: usize): void {
  const third = f32x4.mul(t, f32x4.splat(1.0471975511965976));
  const a = sinOf(third);
  const c = cosOf(third);
  const near = f32x4.mul(a, f32x4.splat(0.5));
  const far = f32x4.mul(c, f32x4.splat(HALF_ROOT_3));
  const two = term(f32x4.sub(far, near), f32x4.add(t, f32x4.splat(2)));
  const one = f32x4.neg(term(f32x4.add(near, far), f32x4.add(t, f32x4.splat(1))));
  const zero = term(a, t);
  const minusOne = f32x4.neg(term(f32x4.sub(near, far), s));
  const minusTwo = term(f32x4.neg(f32x4.add(near, far)), f32x4.add(s, f32x4.splat(1)));
  const minusThree = term(a, f32x4.add(s, f32x4.splat(2)));
  const sum = f32x4.add(
    f32x4.add(f32x4.add(two, one), f32x4.add(zero, minusOne)), f32x4.add(minusTwo, minusThree));
  const atFirst = f32x4.eq(t, f32x4.splat(0));
  const atLast = f32x4.eq(s, f32x4.splat(0));
  const exact = v128.or(atFirst, atLast);
  const one4 = f32x4.splat(1);
  const factor = f32x4.div(one4, sum);
  v128.store(w, v128.andnot(f32x4.mul(two, factor), exact));
  v128.store(w, v128.andnot(f32x4.mul(one, factor), exact), 16);
  v128.store(w, v128.bitselect(v128.and(one4, atFirst), f32x4.mul(zero, factor), exact), 32);
  v128.store(w, v128.bitselect(v128.and(one4, atLast), f32x4.mul(minusOne, factor), exact), 48);
  v128.store(w, v128.andnot(f32x4.mul(minusTwo, factor), exact), 64);
  v128.store(w, v128.andnot(f32x4.mul(minusThree, factor), exact), 80);
}

/** numerator / r² */
@inline
function term(numerator: v128, r: v128): v128 {
  return f32x4.div(numerator, f32x4.mul(r, r));
}

/** x up to π/3; Taylor's series to x⁹. */
@inline
function sinOf(x: v128): v128 {
  const x2 = f32x4.mul(x, x);
  let sum = f32x4.add(f32x4.mul(x2, f32x4.splat(2.7557319e-6)), f32x4.splat(-1.9841270e-4));
  sum = f32x4.add(f32x4.mul(x2, sum), f32x4.splat(8.3333333e-3));
  sum = f32x4.add(f32x4.mul(x2, sum), f32x4.splat(-0.16666667));
  return f32x4.add(x, f32x4.mul(f32x4.mul(x, x2), sum));
}

/** x up to π/3; Taylor's series to x¹⁰. */
@inline
function cosOf(x: v128): v128 {
  const x2 = f32x4.mul(x, x);
  let sum = f32x4.add(f32x4.mul(x2, f32x4.splat(-2.7557319e-7)), f32x4.splat(2.4801587e-5));
  sum = f32x4.add(f32x4.mul(x2, sum), f32x4.splat(-1.3888889e-3));
  sum = f32x4.add(f32x4.mul(x2, sum), f32x4.splat(4.1666667e-2));
  sum = f32x4.add(f32x4.mul(x2, sum), f32x4.splat(-0.5));
  return f32x4.add(f32x4.splat(1), f32x4.mul(x2, sum));
}
