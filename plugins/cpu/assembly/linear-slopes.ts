import { FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE } from './scratch';

/** Differences of linear along each axis, interpolated along the others; one voxel at a time, in float64. */
export function linearSlopes<F>(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  for (let s = 0; s < m; s++) {
    const a = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    const t = scratch + FRACTION + <usize>(start + s) * sizeof<F>();
    const tx = <f64>load<F>(t);
    const ty = <f64>load<F>(t, FRACTION_AXIS);
    const tz = flat ? 0 : <f64>load<F>(t, 2 * FRACTION_AXIS);
    const b = flat ? a : a + plane;
    const out = scratch + VALUE + <usize>(start + s) * sizeof<F>();
    const byX = mix(mix(step<F>(a), step<F>(a + row), ty), mix(step<F>(b), step<F>(b + row), ty), tz);
    const byY = mix(
      line<F>(a + row, tx) - line<F>(a, tx), line<F>(b + row, tx) - line<F>(b, tx), tz);
    const byZ =
      mix(line<F>(b, tx), line<F>(b + row, tx), ty) - mix(line<F>(a, tx), line<F>(a + row, tx), ty);
    store<F>(out, <F>byX, VALUE_PLANE);
    store<F>(out, <F>byY, 2 * VALUE_PLANE);
    store<F>(out, <F>byZ, 3 * VALUE_PLANE);
  }
}

@inline
function mix(a: f64, b: f64, t: f64): f64 {
  return a + (b - a) * t;
}

@inline
function step<F>(at: usize): f64 {
  return <f64>load<F>(at + sizeof<F>()) - <f64>load<F>(at);
}

@inline
function line<F>(at: usize, t: f64): f64 {
  return mix(<f64>load<F>(at), <f64>load<F>(at + sizeof<F>()), t);
}
