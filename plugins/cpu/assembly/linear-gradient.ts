import { FRACTION, FRACTION_AXIS, OFFSET, VALUE, VALUE_PLANE } from './scratch';
import { lerp } from './linear';

/**
 * Value and slopes of linear at m float32 samples whose cells lie at OFFSET, in one pass: four voxels at a time. Limited
 * by the 16 loads of pairs and the 8 shuffles that sort them, as the value alone; slopes cost arithmetic only.
 */
export function linearGradient(scratch: usize, start: i32, m: i32, row: usize, plane: usize, flat: bool): void {
  let t = scratch + FRACTION + ((<usize>start) << 2);
  let out = scratch + VALUE + ((<usize>start) << 2);
  let at = scratch + OFFSET;
  const end = at + ((<usize>m) << 2);
  while (at < end) {
    const a = load<usize>(at);
    const b = load<usize>(at, 4);
    const c = load<usize>(at, 8);
    const d = load<usize>(at, 12);
    const tx = v128.load(t);
    const ty = v128.load(t, FRACTION_AXIS);
    const ab0 = pair(a, b);
    const cd0 = pair(c, d);
    const ab1 = pair(a + row, b + row);
    const cd1 = pair(c + row, d + row);
    const v00 = evens(ab0, cd0);
    const v01 = evens(ab1, cd1);
    const x00 = f32x4.sub(odds(ab0, cd0), v00);
    const x01 = f32x4.sub(odds(ab1, cd1), v01);
    const y0 = f32x4.add(v00, f32x4.mul(x00, tx));
    const yStep0 = f32x4.sub(f32x4.add(v01, f32x4.mul(x01, tx)), y0);
    const z0 = f32x4.add(y0, f32x4.mul(yStep0, ty));
    const xs0 = lerp(x00, x01, ty);
    if (flat) {
      v128.store(out, z0);
      v128.store(out, xs0, VALUE_PLANE);
      v128.store(out, yStep0, 2 * VALUE_PLANE);
    } else {
      const tz = v128.load(t, 2 * FRACTION_AXIS);
      const ab2 = pair(a + plane, b + plane);
      const cd2 = pair(c + plane, d + plane);
      const ab3 = pair(a + plane + row, b + plane + row);
      const cd3 = pair(c + plane + row, d + plane + row);
      const v10 = evens(ab2, cd2);
      const v11 = evens(ab3, cd3);
      const x10 = f32x4.sub(odds(ab2, cd2), v10);
      const x11 = f32x4.sub(odds(ab3, cd3), v11);
      const y1 = f32x4.add(v10, f32x4.mul(x10, tx));
      const yStep1 = f32x4.sub(f32x4.add(v11, f32x4.mul(x11, tx)), y1);
      const zStep = f32x4.sub(f32x4.add(y1, f32x4.mul(yStep1, ty)), z0);
      v128.store(out, f32x4.add(z0, f32x4.mul(zStep, tz)));
      v128.store(out, lerp(xs0, lerp(x10, x11, ty), tz), VALUE_PLANE);
      v128.store(out, lerp(yStep0, yStep1, tz), 2 * VALUE_PLANE);
      v128.store(out, zStep, 3 * VALUE_PLANE);
    }
    t += 16;
    out += 16;
    at += 16;
  }
}

@inline
function pair(a: usize, b: usize): v128 {
  return v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
}
@inline
function evens(ab: v128, cd: v128): v128 { return v128.shuffle<f32>(ab, cd, 0, 2, 4, 6); }
@inline
function odds(ab: v128, cd: v128): v128 { return v128.shuffle<f32>(ab, cd, 1, 3, 5, 7); }
