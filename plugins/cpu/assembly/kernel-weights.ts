import { BSPLINE2, BSPLINE3, BSPLINE4, BSPLINE5, KEYS_HALF, LANCZOS3 } from '../src/job-layout';
import { add, mul, splat, sub } from './lanes';
import { lanczosSlopes, lanczosWeights } from './lanczos';

// Closed forms of what taps.ts computes by recursion, for several axes or samples at once, one to a lane.

/** Bytes of the weights of one vector of distances: six vectors. */
export const WEIGHTS_BYTES: usize = 96;

/** Weight of tap k at w + 16 k, at distances t from the cell; zero past the last tap. */
@inline
export function kernelWeights<F>(interpolator: i32, t: v128, w: usize): void {
  if (interpolator == BSPLINE3) cubic<F>(t, w);
  else if (interpolator == BSPLINE2) quadratic<F>(t, w);
  else if (interpolator == BSPLINE4) quartic<F>(t, w);
  else if (interpolator == BSPLINE5) quintic<F>(t, w);
  else if (interpolator == LANCZOS3) lanczosWeights<F>(t, w);
  else keys<F>(interpolator == KEYS_HALF ? -0.5 : -0.75, t, w);
}

/** Derivatives of the same by t. */
@inline
export function kernelSlopes<F>(interpolator: i32, t: v128, d: usize): void {
  if (interpolator == BSPLINE3) cubicSlopes<F>(t, d);
  else if (interpolator == BSPLINE2) quadraticSlopes<F>(t, d);
  else if (interpolator == BSPLINE4) quarticSlopes<F>(t, d);
  else if (interpolator == BSPLINE5) quinticSlopes<F>(t, d);
  else if (interpolator == LANCZOS3) lanczosSlopes<F>(t, d);
  else keysSlopes<F>(interpolator == KEYS_HALF ? -0.5 : -0.75, t, d);
}

/** (1/2 - t)²/2, 3/4 - t², (1/2 + t)²/2, t from -1/2 to 1/2. */
@inline
function quadratic<F>(t: v128, w: usize): void {
  const half = splat<F>(0.5);
  const below = sub<F>(half, t);
  const above = add<F>(half, t);
  v128.store(w, mul<F>(half, mul<F>(below, below)));
  v128.store(w, sub<F>(splat<F>(0.75), mul<F>(t, t)), 16);
  v128.store(w, mul<F>(half, mul<F>(above, above)), 32);
  v128.store(w, splat<F>(0), 48);
}

@inline
function quadraticSlopes<F>(t: v128, d: usize): void {
  v128.store(d, sub<F>(t, splat<F>(0.5)));
  v128.store(d, mul<F>(splat<F>(-2), t), 16);
  v128.store(d, add<F>(t, splat<F>(0.5)), 32);
  v128.store(d, splat<F>(0), 48);
}

/** s³/6, 2/3 - t² + t³/2 and their mirror; s = 1 - t. */
@inline
function cubic<F>(t: v128, w: usize): void {
  const s = sub<F>(splat<F>(1), t);
  const s2 = mul<F>(s, s);
  const t2 = mul<F>(t, t);
  const sixth = splat<F>(1.0 / 6.0);
  v128.store(w, mul<F>(s2, mul<F>(s, sixth)));
  v128.store(w, cubicInner<F>(t, t2), 16);
  v128.store(w, cubicInner<F>(s, s2), 32);
  v128.store(w, mul<F>(t2, mul<F>(t, sixth)), 48);
}

/** 2/3 - t² (1 - t/2) */
@inline
function cubicInner<F>(t: v128, t2: v128): v128 {
  return sub<F>(splat<F>(2.0 / 3.0), mul<F>(t2, sub<F>(splat<F>(1), mul<F>(t, splat<F>(0.5)))));
}

/** -s²/2, (3t/2 - 2)t, (2 - 3s/2)s, t²/2 */
@inline
function cubicSlopes<F>(t: v128, d: usize): void {
  const s = sub<F>(splat<F>(1), t);
  v128.store(d, mul<F>(splat<F>(-0.5), mul<F>(s, s)));
  v128.store(d, mul<F>(t, sub<F>(mul<F>(splat<F>(1.5), t), splat<F>(2))), 16);
  v128.store(d, mul<F>(s, sub<F>(splat<F>(2), mul<F>(splat<F>(1.5), s))), 32);
  v128.store(d, mul<F>(splat<F>(0.5), mul<F>(t, t)), 48);
}

/** a·t·s², 1 + t²((a+2)t - (a+3)), the same of s, a·s·t². */
@inline
function keys<F>(a: f64, t: v128, w: usize): void {
  const s = sub<F>(splat<F>(1), t);
  const ts = mul<F>(splat<F>(a), mul<F>(t, s));
  v128.store(w, mul<F>(ts, s));
  v128.store(w, keysInner<F>(a, t), 16);
  v128.store(w, keysInner<F>(a, s), 32);
  v128.store(w, mul<F>(ts, t), 48);
}

@inline
function keysInner<F>(a: f64, t: v128): v128 {
  const rest = sub<F>(mul<F>(splat<F>(a + 2), t), splat<F>(a + 3));
  return add<F>(splat<F>(1), mul<F>(mul<F>(t, t), rest));
}

/** a·s(s - 2t), t(3(a+2)t - 2(a+3)), the negative of the same of s, a·t(2s - t). */
@inline
function keysSlopes<F>(a: f64, t: v128, d: usize): void {
  const s = sub<F>(splat<F>(1), t);
  const two = splat<F>(2);
  const factor = splat<F>(a);
  const steep = splat<F>(3 * (a + 2));
  const level = splat<F>(2 * (a + 3));
  v128.store(d, mul<F>(mul<F>(factor, s), sub<F>(s, mul<F>(two, t))));
  v128.store(d, mul<F>(t, sub<F>(mul<F>(steep, t), level)), 16);
  v128.store(d, mul<F>(s, sub<F>(level, mul<F>(steep, s))), 32);
  v128.store(d, mul<F>(mul<F>(factor, t), sub<F>(mul<F>(two, s), t)), 48);
}

/** t from -1/2 to 1/2: (1/2 ∓ t)⁴/24, 19/96 ∓ 11t/24 + t²/4 ± t³/6 - t⁴/6, 115/192 - 5t²/8 + t⁴/4. */
@inline
function quartic<F>(t: v128, w: usize): void {
  const t2 = mul<F>(t, t);
  const t4 = mul<F>(t2, t2);
  const sixth = splat<F>(1.0 / 6.0);
  const below = sub<F>(splat<F>(0.5), t);
  const above = add<F>(splat<F>(0.5), t);
  const below2 = mul<F>(below, below);
  const above2 = mul<F>(above, above);
  const odd = mul<F>(t, sub<F>(splat<F>(11.0 / 24.0), mul<F>(t2, sixth)));
  const even = sub<F>(add<F>(splat<F>(19.0 / 96.0), mul<F>(t2, splat<F>(0.25))), mul<F>(t4, sixth));
  const middle = sub<F>(splat<F>(115.0 / 192.0), mul<F>(t2, splat<F>(0.625)));
  v128.store(w, mul<F>(mul<F>(below2, below2), splat<F>(1.0 / 24.0)));
  v128.store(w, sub<F>(even, odd), 16);
  v128.store(w, add<F>(middle, mul<F>(t4, splat<F>(0.25))), 32);
  v128.store(w, add<F>(even, odd), 48);
  v128.store(w, mul<F>(mul<F>(above2, above2), splat<F>(1.0 / 24.0)), 64);
  v128.store(w, splat<F>(0), 80);
}

/** -(1/2 - t)³/6, ∓11/24 + t/2 ± t²/2 - 2t³/3, t³ - 5t/4, (1/2 + t)³/6. */
@inline
function quarticSlopes<F>(t: v128, d: usize): void {
  const t2 = mul<F>(t, t);
  const below = sub<F>(splat<F>(0.5), t);
  const above = add<F>(splat<F>(0.5), t);
  const even = mul<F>(t, sub<F>(splat<F>(0.5), mul<F>(t2, splat<F>(2.0 / 3.0))));
  const odd = sub<F>(splat<F>(11.0 / 24.0), mul<F>(splat<F>(0.5), t2));
  v128.store(d, mul<F>(mul<F>(below, mul<F>(below, below)), splat<F>(-1.0 / 6.0)));
  v128.store(d, sub<F>(even, odd), 16);
  v128.store(d, mul<F>(t, sub<F>(t2, splat<F>(1.25))), 32);
  v128.store(d, add<F>(even, odd), 48);
  v128.store(d, mul<F>(mul<F>(above, mul<F>(above, above)), splat<F>(1.0 / 6.0)), 64);
  v128.store(d, splat<F>(0), 80);
}

/** s⁵, 51 + 75r - 210r² + 150r³ - 45r⁴ + 5r⁵ at r = 1 + t, 66 - 60t² + 30t⁴ - 10t⁵, and their mirror; all over 120. */
@inline
function quintic<F>(t: v128, w: usize): void {
  const s = sub<F>(splat<F>(1), t);
  const scale = splat<F>(1.0 / 120.0);
  const t2 = mul<F>(t, t);
  const s2 = mul<F>(s, s);
  v128.store(w, mul<F>(scale, mul<F>(s, mul<F>(s2, s2))));
  v128.store(w, mul<F>(scale, quinticOuter<F>(t)), 16);
  v128.store(w, mul<F>(scale, quinticInner<F>(t)), 32);
  v128.store(w, mul<F>(scale, quinticInner<F>(s)), 48);
  v128.store(w, mul<F>(scale, quinticOuter<F>(s)), 64);
  v128.store(w, mul<F>(scale, mul<F>(t, mul<F>(t2, t2))), 80);
}

@inline
function quinticInner<F>(t: v128): v128 {
  const t2 = mul<F>(t, t);
  const rest = sub<F>(splat<F>(30), mul<F>(t, splat<F>(10)));
  return add<F>(splat<F>(66), mul<F>(t2, sub<F>(mul<F>(t2, rest), splat<F>(60))));
}

/** In powers of t = r - 1: 26 - 50t + 20t² + 20t³ - 20t⁴ + 5t⁵. */
@inline
function quinticOuter<F>(t: v128): v128 {
  let sum = sub<F>(mul<F>(t, splat<F>(5)), splat<F>(20));
  sum = add<F>(mul<F>(t, sum), splat<F>(20));
  sum = add<F>(mul<F>(t, sum), splat<F>(20));
  sum = sub<F>(mul<F>(t, sum), splat<F>(50));
  return add<F>(mul<F>(t, sum), splat<F>(26));
}

/** -s⁴, -10 + 8t + 12t² - 16t³ + 5t⁴, -24t + 24t³ - 10t⁴, and their mirror's negative; all over 24. */
@inline
function quinticSlopes<F>(t: v128, d: usize): void {
  const s = sub<F>(splat<F>(1), t);
  const scale = splat<F>(1.0 / 24.0);
  const back = splat<F>(-1.0 / 24.0);
  const t2 = mul<F>(t, t);
  const s2 = mul<F>(s, s);
  v128.store(d, mul<F>(back, mul<F>(s2, s2)));
  v128.store(d, mul<F>(scale, quinticOuterSlope<F>(t)), 16);
  v128.store(d, mul<F>(scale, quinticInnerSlope<F>(t)), 32);
  v128.store(d, mul<F>(back, quinticInnerSlope<F>(s)), 48);
  v128.store(d, mul<F>(back, quinticOuterSlope<F>(s)), 64);
  v128.store(d, mul<F>(scale, mul<F>(t2, t2)), 80);
}

@inline
function quinticInnerSlope<F>(t: v128): v128 {
  const t2 = mul<F>(t, t);
  const rest = sub<F>(splat<F>(24), mul<F>(t, splat<F>(10)));
  return mul<F>(t, sub<F>(mul<F>(t2, rest), splat<F>(24)));
}

@inline
function quinticOuterSlope<F>(t: v128): v128 {
  let sum = sub<F>(mul<F>(t, splat<F>(5)), splat<F>(16));
  sum = add<F>(mul<F>(t, sum), splat<F>(12));
  sum = add<F>(mul<F>(t, sum), splat<F>(8));
  return sub<F>(mul<F>(t, sum), splat<F>(10));
}
