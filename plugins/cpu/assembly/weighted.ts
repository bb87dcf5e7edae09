import {
  FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE, WEIGHT, WEIGHT_AXIS, WEIGHT_DERIVATIVE,
} from './scratch';
import { tapCount, weights } from './taps';

/**
 * Σ w_z Σ w_y Σ w_x · sample, and with `gradient` the same with the derivative of one axis' weights: any
 * kernel, in float64. Limited by its scalar multiplications, one per tap.
 */
export function weighted<F>(
  scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool, interpolator: i32, gradient: bool,
): void {
  const taps = tapCount(interpolator);
  const depth = flat ? 1 : taps;
  const w = scratch + WEIGHT;
  for (let s = 0; s < m; s++) {
    for (let axis: usize = 0; axis < 3; axis++) {
      const t = load<F>(scratch + FRACTION + axis * FRACTION_AXIS + <usize>(start + s) * sizeof<F>());
      weights(interpolator, <f64>t, w + axis * WEIGHT_AXIS, w + WEIGHT_DERIVATIVE + axis * WEIGHT_AXIS);
    }
    if (flat) store<f64>(w + 2 * WEIGHT_AXIS, 1);
    const base = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    const out = scratch + VALUE + <usize>(start + s) * sizeof<F>();
    if (gradient) withGradient<F>(base, w, taps, depth, row, plane, out);
    else store<F>(out, <F>value<F>(base, w, taps, depth, row, plane));
  }
}

@inline
function value<F>(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize): f64 {
  let sum: f64 = 0;
  for (let k: usize = 0; k < <usize>depth; k++) {
    let slice: f64 = 0;
    for (let j: usize = 0; j < <usize>taps; j++) {
      let line: f64 = 0;
      const at = base + k * plane + j * row;
      for (let i: usize = 0; i < <usize>taps; i++) {
        line += load<f64>(w + (i << 3)) * <f64>load<F>(at + i * sizeof<F>());
      }
      slice += load<f64>(w + WEIGHT_AXIS + (j << 3)) * line;
    }
    sum += load<f64>(w + 2 * WEIGHT_AXIS + (k << 3)) * slice;
  }
  return sum;
}

function withGradient<F>(base: usize, w: usize, taps: i32, depth: i32, row: usize, plane: usize, out: usize): void {
  const d = w + WEIGHT_DERIVATIVE;
  let sum: f64 = 0;
  let byX: f64 = 0;
  let byY: f64 = 0;
  let byZ: f64 = 0;
  for (let k: usize = 0; k < <usize>depth; k++) {
    let slice: f64 = 0;
    let sliceX: f64 = 0;
    let sliceY: f64 = 0;
    for (let j: usize = 0; j < <usize>taps; j++) {
      let line: f64 = 0;
      let lineX: f64 = 0;
      const at = base + k * plane + j * row;
      for (let i: usize = 0; i < <usize>taps; i++) {
        const sample = <f64>load<F>(at + i * sizeof<F>());
        line += load<f64>(w + (i << 3)) * sample;
        lineX += load<f64>(d + (i << 3)) * sample;
      }
      slice += load<f64>(w + WEIGHT_AXIS + (j << 3)) * line;
      sliceX += load<f64>(w + WEIGHT_AXIS + (j << 3)) * lineX;
      sliceY += load<f64>(d + WEIGHT_AXIS + (j << 3)) * line;
    }
    sum += load<f64>(w + 2 * WEIGHT_AXIS + (k << 3)) * slice;
    byX += load<f64>(w + 2 * WEIGHT_AXIS + (k << 3)) * sliceX;
    byY += load<f64>(w + 2 * WEIGHT_AXIS + (k << 3)) * sliceY;
    byZ += load<f64>(d + 2 * WEIGHT_AXIS + (k << 3)) * slice;
  }
  store<F>(out, <F>sum);
  store<F>(out + VALUE_PLANE, <F>byX);
  store<F>(out + 2 * VALUE_PLANE, <F>byY);
  store<F>(out + 3 * VALUE_PLANE, <F>byZ);
}
