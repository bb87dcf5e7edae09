import {
  BSPLINE2, BSPLINE3, BSPLINE4, BSPLINE5, KEYS_HALF, KEYS_THREE_QUARTERS, LABEL_LINEAR, LANCZOS3,
  LINEAR,
} from '../src/job-layout';

/** Taps per axis. */
export function tapCount(interpolator: i32): i32 {
  if (interpolator < LINEAR) return 1;
  if (interpolator == LINEAR || interpolator == LABEL_LINEAR) return 2;
  if (interpolator == BSPLINE2) return 3;
  if (interpolator == BSPLINE4) return 5;
  return interpolator == BSPLINE5 || interpolator == LANCZOS3 ? 6 : 4;
}

/** Does the value vary within a cell? */
export function hasSlope(interpolator: i32): bool {
  return interpolator >= LINEAR && interpolator != LABEL_LINEAR;
}

/** First tap, counted from the cell: floor(x), or floor(x + 0.5) for B-splines of even order. */
export function firstTap(interpolator: i32): i32 {
  if (interpolator <= LINEAR || interpolator == LABEL_LINEAR) return 0;
  return tapCount(interpolator) > 4 ? -2 : -1;
}

/** The cell of x is floor(x + this). */
export function cellShift(interpolator: i32): f64 {
  return interpolator < LINEAR || interpolator == BSPLINE2 || interpolator == BSPLINE4 ? 0.5 : 0;
}

/**
 * Weights w[0..5] of an axis at distance t from its cell, and their derivatives d[0..5].
 * B-splines: M. Unser, IEEE Signal Processing Magazine 16(6), 1999. Keys: R. G. Keys, IEEE Trans. ASSP
 * 29(6), 1981. Lanczos: normalised by the sum of the weights, so that a constant stays constant.
 */
export function weights(interpolator: i32, t: f64, w: usize, d: usize): void {
  if (interpolator == LINEAR) linear(t, w, d);
  else if (interpolator == LANCZOS3) lanczos(t, w, d);
  else if (interpolator == KEYS_HALF) keys(-0.5, t, w, d);
  else if (interpolator == KEYS_THREE_QUARTERS) keys(-0.75, t, w, d);
  else if (interpolator == BSPLINE2) spline(2, t + 0.5, w, d);
  else if (interpolator == BSPLINE3) spline(3, t, w, d);
  else if (interpolator == BSPLINE4) spline(4, t + 0.5, w, d);
  else spline(5, t, w, d);
}

@inline
function linear(t: f64, w: usize, d: usize): void {
  store<f64>(w, 1 - t);
  store<f64>(w, t, 8);
  store<f64>(d, -1);
  store<f64>(d, 1, 8);
}

/**
 * The order + 1 splines that are not 0 in a cell, by the recursion of Cox and de Boor; t from 0 to 1:
 * b_j^p = (t - j + p)/p · b_{j-1}^{p-1} + (j + 1 - t)/p · b_j^{p-1}.
 */
function spline(order: i32, t: f64, w: usize, d: usize): void {
  store<f64>(w, 1);
  for (let p = 1; p <= order; p++) {
    if (p == order) {
      for (let j = 0; j <= p; j++) {
        const before = j == 0 ? 0 : load<f64>(w + ((<usize>(j - 1)) << 3));
        const same = j == p ? 0 : load<f64>(w + ((<usize>j) << 3));
        store<f64>(d + ((<usize>j) << 3), before - same);
      }
    }
    for (let j = p; j >= 0; j--) {
      const at = w + ((<usize>j) << 3);
      const before = j == 0 ? 0 : ((t - <f64>(j - p)) / <f64>p) * load<f64>(at - 8);
      const same = j == p ? 0 : ((<f64>(j + 1) - t) / <f64>p) * load<f64>(at);
      store<f64>(at, before + same);
    }
  }
}

function keys(a: f64, t: f64, w: usize, d: usize): void {
  for (let k = 0; k < 4; k++) {
    const s = t - <f64>(k - 1);
    const r = Math.abs(s);
    const inner = r <= 1;
    const weight = inner ? ((a + 2) * r - (a + 3)) * r * r + 1 : a * (((r - 5) * r + 8) * r - 4);
    const slope = inner ? (3 * (a + 2) * r - 2 * (a + 3)) * r : a * ((3 * r - 10) * r + 8);
    store<f64>(w + ((<usize>k) << 3), weight);
    store<f64>(d + ((<usize>k) << 3), s < 0 ? -slope : slope);
  }
}

function lanczos(t: f64, w: usize, d: usize): void {
  let sum: f64 = 0;
  let sumSlope: f64 = 0;
  for (let k = 0; k < 6; k++) {
    const s = t - <f64>(k - 2);
    const weight = sinc(s) * sinc(s / 3);
    const slope = sincSlope(s) * sinc(s / 3) + (sinc(s) * sincSlope(s / 3)) / 3;
    store<f64>(w + ((<usize>k) << 3), weight);
    store<f64>(d + ((<usize>k) << 3), slope);
    sum += weight;
    sumSlope += slope;
  }
  for (let k: usize = 0; k < 48; k += 8) {
    const weight = load<f64>(w + k) / sum;
    store<f64>(w + k, weight);
    store<f64>(d + k, (load<f64>(d + k) - weight * sumSlope) / sum);
  }
}

/** sin(πs)/(πs): 1 at 0, exactly 0 at the other whole numbers. */
function sinc(s: f64): f64 {
  if (s == 0) return 1;
  return Math.floor(s) == s ? 0 : Math.sin(Math.PI * s) / (Math.PI * s);
}

/** Below 3e-5, cos(πs) - sinc(s) cancels, and its series -π²s/3 is right to 1e-9. */
function sincSlope(s: f64): f64 {
  if (Math.abs(s) < 3e-5) return (-Math.PI * Math.PI * s) / 3;
  return (Math.cos(Math.PI * s) - sinc(s)) / s;
}
