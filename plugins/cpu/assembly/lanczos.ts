import { add, div, mul, splat, sub } from './lanes';

// sinc(r) · sinc(r/3) at r = t + k, k from 2 to -3, divided by their sum, lanes being axes or samples: there 3/π² and all of
// sin πr but its sign cancel, and (-1)^k sin(πr/3) / r² is left, by the addition theorem from sin πt/3 and cos πt/3. Times
// t(1 - t), which cancels too, all are finite: exact at t = 0 and 1, where one weight is 1.

const THIRD: f64 = 1.0471975511965976;
/** sin π/3. */
const HALF_ROOT_3: f64 = 0.8660254037844386;

@inline
export function lanczosWeights<F>(t: v128, w: usize): void {
  const factor = div<F>(splat<F>(1), lanczosTerms<F>(t, w));
  for (let k: usize = 0; k < 96; k += 16) v128.store(w + k, mul<F>(v128.load(w + k), factor));
}

/** (n' - (n/Σn) Σn') / Σn of the terms n. */
@inline
export function lanczosSlopes<F>(t: v128, d: usize): void {
  const s = sub<F>(splat<F>(1), t);
  const ts = mul<F>(t, s);
  const slope = sub<F>(s, t);
  const a = sinOf<F>(t);
  const c = cosOf<F>(t);
  const near = mul<F>(a, splat<F>(0.5));
  const far = mul<F>(c, splat<F>(HALF_ROOT_3));
  const nearSlope = mul<F>(c, splat<F>(0.5 * THIRD));
  const farSlope = mul<F>(a, splat<F>(-HALF_ROOT_3 * THIRD));
  const one = splat<F>(1);
  const two = splat<F>(2);
  const difference = sub<F>(far, near);
  const sum = sub<F>(splat<F>(0), add<F>(near, far));
  const sumSlope = sub<F>(splat<F>(0), add<F>(nearSlope, farSlope));
  const d2 = termSlope<F>(difference, sub<F>(farSlope, nearSlope), ts, slope, add<F>(t, two));
  const d1 = termSlope<F>(sum, sumSlope, ts, slope, add<F>(t, one));
  const d0 = sub<F>(mul<F>(sincSlope<F>(t), s), sinc<F>(t));
  const e1 = sub<F>(sinc<F>(s), mul<F>(sincSlope<F>(s), t));
  const e2 = termSlope<F>(sum, sumSlope, ts, slope, sub<F>(t, two));
  const e3 = termSlope<F>(a, mul<F>(c, splat<F>(THIRD)), ts, slope, sub<F>(t, splat<F>(3)));
  const total = add<F>(add<F>(add<F>(d2, d1), add<F>(d0, e1)), add<F>(e2, e3));
  const factor = div<F>(one, lanczosTerms<F>(t, d));
  const share = mul<F>(total, factor);
  v128.store(d, mul<F>(factor, sub<F>(d2, mul<F>(v128.load(d), share))));
  v128.store(d, mul<F>(factor, sub<F>(d1, mul<F>(v128.load(d, 16), share))), 16);
  v128.store(d, mul<F>(factor, sub<F>(d0, mul<F>(v128.load(d, 32), share))), 32);
  v128.store(d, mul<F>(factor, sub<F>(e1, mul<F>(v128.load(d, 48), share))), 48);
  v128.store(d, mul<F>(factor, sub<F>(e2, mul<F>(v128.load(d, 64), share))), 64);
  v128.store(d, mul<F>(factor, sub<F>(e3, mul<F>(v128.load(d, 80), share))), 80);
}

/** The terms, from w on; answers their sum. */
@inline
function lanczosTerms<F>(t: v128, w: usize): v128 {
  const s = sub<F>(splat<F>(1), t);
  const ts = mul<F>(t, s);
  const a = sinOf<F>(t);
  const near = mul<F>(a, splat<F>(0.5));
  const far = mul<F>(cosOf<F>(t), splat<F>(HALF_ROOT_3));
  const sum = sub<F>(splat<F>(0), add<F>(near, far));
  const two = term<F>(sub<F>(far, near), ts, add<F>(t, splat<F>(2)));
  const one = term<F>(sum, ts, add<F>(t, splat<F>(1)));
  const zero = mul<F>(sinc<F>(t), s);
  const minusOne = mul<F>(sinc<F>(s), t);
  const minusTwo = term<F>(sum, ts, add<F>(s, splat<F>(1)));
  const minusThree = term<F>(a, ts, add<F>(s, splat<F>(2)));
  v128.store(w, two);
  v128.store(w, one, 16);
  v128.store(w, zero, 32);
  v128.store(w, minusOne, 48);
  v128.store(w, minusTwo, 64);
  v128.store(w, minusThree, 80);
  return add<F>(add<F>(add<F>(two, one), add<F>(zero, minusOne)), add<F>(minusTwo, minusThree));
}

/** numerator · t(1 - t) / r² */
@inline
function term<F>(numerator: v128, ts: v128, r: v128): v128 {
  return div<F>(mul<F>(numerator, ts), mul<F>(r, r));
}

/** Its derivative, that of t(1 - t) being `slope`. */
@inline
function termSlope<F>(numerator: v128, numeratorSlope: v128, ts: v128, slope: v128, r: v128): v128 {
  const product = mul<F>(numerator, ts);
  const growth = add<F>(mul<F>(numeratorSlope, ts), mul<F>(numerator, slope));
  const fall = div<F>(mul<F>(splat<F>(2), product), r);
  return div<F>(sub<F>(growth, fall), mul<F>(r, r));
}

/** sin πt/3, t up to 1. */
@inline
function sinOf<F>(t: v128): v128 {
  return mul<F>(t, sinc<F>(t));
}

/** sin(πt/3) / t; Taylor's series to t⁸ of float32, t¹⁸ of float64. */
@inline
function sinc<F>(t: v128): v128 {
  const x = mul<F>(t, splat<F>(THIRD));
  const x2 = mul<F>(x, x);
  let sum = splat<F>(1.0 / 362880.0);
  if (sizeof<F>() == 8) {
    sum = horner<F>(x2, splat<F>(-1.0 / 121645100408832000.0), 1.0 / 355687428096000.0);
    sum = horner<F>(x2, sum, -1.0 / 1307674368000.0);
    sum = horner<F>(x2, sum, 1.0 / 6227020800.0);
    sum = horner<F>(x2, sum, -1.0 / 39916800.0);
    sum = horner<F>(x2, sum, 1.0 / 362880.0);
  }
  sum = horner<F>(x2, sum, -1.0 / 5040.0);
  sum = horner<F>(x2, sum, 1.0 / 120.0);
  sum = horner<F>(x2, sum, -1.0 / 6.0);
  return mul<F>(splat<F>(THIRD), horner<F>(x2, sum, 1));
}

/** Derivative of the same: the series, term by term. */
@inline
function sincSlope<F>(t: v128): v128 {
  const x = mul<F>(t, splat<F>(THIRD));
  const x2 = mul<F>(x, x);
  let sum = splat<F>(8.0 / 362880.0);
  if (sizeof<F>() == 8) {
    sum = horner<F>(x2, splat<F>(-18.0 / 121645100408832000.0), 16.0 / 355687428096000.0);
    sum = horner<F>(x2, sum, -14.0 / 1307674368000.0);
    sum = horner<F>(x2, sum, 12.0 / 6227020800.0);
    sum = horner<F>(x2, sum, -10.0 / 39916800.0);
    sum = horner<F>(x2, sum, 8.0 / 362880.0);
  }
  sum = horner<F>(x2, sum, -6.0 / 5040.0);
  sum = horner<F>(x2, sum, 4.0 / 120.0);
  sum = horner<F>(x2, sum, -2.0 / 6.0);
  return mul<F>(splat<F>(THIRD * THIRD), mul<F>(x, sum));
}

/** cos πt/3, t up to 1; Taylor's series to t¹⁰ of float32, t²⁰ of float64. */
@inline
function cosOf<F>(t: v128): v128 {
  const x = mul<F>(t, splat<F>(THIRD));
  const x2 = mul<F>(x, x);
  let sum = splat<F>(-1.0 / 3628800.0);
  if (sizeof<F>() == 8) {
    sum = horner<F>(x2, splat<F>(1.0 / 2432902008176640000.0), -1.0 / 6402373705728000.0);
    sum = horner<F>(x2, sum, 1.0 / 20922789888000.0);
    sum = horner<F>(x2, sum, -1.0 / 87178291200.0);
    sum = horner<F>(x2, sum, 1.0 / 479001600.0);
    sum = horner<F>(x2, sum, -1.0 / 3628800.0);
  }
  sum = horner<F>(x2, sum, 1.0 / 40320.0);
  sum = horner<F>(x2, sum, -1.0 / 720.0);
  sum = horner<F>(x2, sum, 1.0 / 24.0);
  sum = horner<F>(x2, sum, -0.5);
  return horner<F>(x2, sum, 1);
}

@inline
function horner<F>(x: v128, sum: v128, next: f64): v128 {
  return add<F>(mul<F>(x, sum), splat<F>(next));
}
