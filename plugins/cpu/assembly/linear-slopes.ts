import { FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE } from './scratch';

/**
 * Differences of linear along each axis, interpolated along the others, one voxel at a time: the operations of
 * linear-gradient.ts, so the same bits, for float64 and for samples whose slopes are of another cell than their values.
 */
export function linearSlopes<F>(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  for (let s = 0; s < m; s++) {
    const a = load<usize>(scratch + OFFSET + ((<usize>s) << 2));
    const t = scratch + FRACTION + <usize>(start + s) * sizeof<F>();
    const tx = load<F>(t);
    const ty = load<F>(t, FRACTION_AXIS);
    const tz = flat ? <F>0 : load<F>(t, 2 * FRACTION_AXIS);
    const b = flat ? a : a + plane;
    const out = scratch + VALUE + <usize>(start + s) * sizeof<F>();
    const byX = mix<F>(mix<F>(step<F>(a), step<F>(a + row), ty), mix<F>(step<F>(b), step<F>(b + row), ty), tz);
    const byY = mix<F>(
      line<F>(a + row, tx) - line<F>(a, tx), line<F>(b + row, tx) - line<F>(b, tx), tz);
    const byZ =
      mix<F>(line<F>(b, tx), line<F>(b + row, tx), ty) - mix<F>(line<F>(a, tx), line<F>(a + row, tx), ty);
    store<F>(out, byX, VALUE_PLANE);
    store<F>(out, byY, 2 * VALUE_PLANE);
    store<F>(out, byZ, 3 * VALUE_PLANE);
  }
}

@inline
function mix<F>(a: F, b: F, t: F): F {
  return a + (b - a) * t;
}

@inline
function step<F>(at: usize): F {
  return load<F>(at + sizeof<F>()) - load<F>(at);
}

@inline
function line<F>(at: usize, t: F): F {
  return mix<F>(load<F>(at), load<F>(at + sizeof<F>()), t);
}
