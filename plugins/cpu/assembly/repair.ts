import { sub } from './lanes';
import {
  FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE, WEIGHT, WEIGHT_AXIS, WEIGHT_DERIVATIVE,
} from './scratch';
import { tapCount, weights } from './taps';

/**
 * Are all m values of some planes finite? Else a sample that is not was met, perhaps with weight 0, or float32 overflowed.
 * What is finite leaves exactly 0 when it is subtracted from itself.
 */
export function areFinite<F>(scratch: usize, start: i32, m: i32, first: i32, last: i32): bool {
  const bytes = <usize>m * sizeof<F>();
  let odd = i32x4.splat(0);
  for (let p = first; p <= last; p++) {
    const values = scratch + VALUE + <usize>p * VALUE_PLANE + <usize>start * sizeof<F>();
    let k: usize = 0;
    for (; k + 16 <= bytes; k += 16) {
      const group = v128.load(values + k);
      odd = v128.or(odd, sub<F>(group, group));
    }
    for (; k < bytes; k += sizeof<F>()) {
      const value = load<F>(values + k);
      if (value - value != 0) return false;
    }
  }
  return !v128.any_true(odd);
}

/**
 * Computes what is not finite among m values of a plane again, in float64 and without reading what weighs nothing:
 * an exact hit beside a NaN stays exact. Rare, so the fast kernels need no such test.
 */
export function repair<F>(
  scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool, interpolator: i32, which: i32,
): void {
  const w = scratch + WEIGHT;
  const taps = tapCount(interpolator);
  for (let s = 0; s < m; s++) {
    const out = scratch + VALUE + <usize>which * VALUE_PLANE + <usize>(start + s) * sizeof<F>();
    const found = load<F>(out);
    if (found - found == 0) continue;
    for (let axis: usize = 0; axis < 3; axis++) {
      const t = load<F>(scratch + FRACTION + axis * FRACTION_AXIS + <usize>(start + s) * sizeof<F>());
      weights(interpolator, <f64>t, w + axis * WEIGHT_AXIS, w + WEIGHT_DERIVATIVE + axis * WEIGHT_AXIS);
    }
    if (flat) store<f64>(w + 2 * WEIGHT_AXIS, 1);
    const base = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    store<F>(out, <F>carefulSum<F>(base, w, taps, flat ? 1 : taps, row, plane, which - 1));
  }
}

/** Σ weight · sample over the taps whose weight is not 0; with slopes for weights on `axis`, if that is one. */
function carefulSum<F>(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, axis: i32): f64 {
  const wx = w + (axis == 0 ? WEIGHT_DERIVATIVE : 0);
  const wy = w + WEIGHT_AXIS + (axis == 1 ? WEIGHT_DERIVATIVE : 0);
  const wz = w + 2 * WEIGHT_AXIS + (axis == 2 ? WEIGHT_DERIVATIVE : 0);
  let sum: f64 = 0;
  for (let k: usize = 0; k < <usize>depth; k++) {
    for (let j: usize = 0; j < <usize>taps; j++) {
      const outer = load<f64>(wz + (k << 3)) * load<f64>(wy + (j << 3));
      if (outer == 0) continue;
      for (let i: usize = 0; i < <usize>taps; i++) {
        const weight = load<f64>(wx + (i << 3));
        if (weight != 0) sum += outer * weight * <f64>load<F>(base + k * plane + j * row + i * sizeof<F>());
      }
    }
  }
  return sum;
}
