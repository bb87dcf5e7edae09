import { PART_BYTES, SLOT_PARTS, SLOT_SUMS } from '../../src/metric/metric-layout';
import { VALUE, VALUE_PLANE } from '../scratch';
import { accumulate, add, lanes, mul, ramp, splat, sub, total } from '../lanes';
import { FIXED, FIXED_SHIFTED, MOVING_SHIFTED, SLOPES } from './rows';

// Sums over one chunk are taken in F, lane by lane, and added to a slot in float64: at most 16 float32 additions in a row.

/** Differences m - f, into SLOPES, and the sum of their squares. */
export function addSquares<F>(scratch: usize, n: i32, slot: usize): void {
  let sum = splat<F>(0);
  const end = scratch + <usize>n * sizeof<F>();
  for (let at = scratch; at < end; at += 16) {
    const d = sub<F>(v128.load(at, VALUE), v128.load(at, FIXED));
    v128.store(at, d, SLOPES);
    sum = add<F>(sum, mul<F>(d, d));
  }
  accumulate(slot + SLOT_SUMS, total<F>(sum));
}

/** Values less their shifts, into their rows, and the five sums of them. */
export function addMoments<F>(scratch: usize, n: i32, slot: usize, fixedShift: f64, movingShift: f64): void {
  const fShift = splat<F>(fixedShift);
  const mShift = splat<F>(movingShift);
  let sf = splat<F>(0);
  let sm = splat<F>(0);
  let sff = splat<F>(0);
  let smm = splat<F>(0);
  let sfm = splat<F>(0);
  const end = scratch + <usize>n * sizeof<F>();
  for (let at = scratch; at < end; at += 16) {
    const f = sub<F>(v128.load(at, FIXED), fShift);
    const m = sub<F>(v128.load(at, VALUE), mShift);
    v128.store(at, f, FIXED_SHIFTED);
    v128.store(at, m, MOVING_SHIFTED);
    sf = add<F>(sf, f);
    sm = add<F>(sm, m);
    sff = add<F>(sff, mul<F>(f, f));
    smm = add<F>(smm, mul<F>(m, m));
    sfm = add<F>(sfm, mul<F>(f, m));
  }
  accumulate(slot + SLOT_SUMS, total<F>(sf));
  accumulate(slot + SLOT_SUMS + 8, total<F>(sm));
  accumulate(slot + SLOT_SUMS + 16, total<F>(sff));
  accumulate(slot + SLOT_SUMS + 24, total<F>(smm));
  accumulate(slot + SLOT_SUMS + 32, total<F>(sfm));
}

/** α f + β m + γ of values less their shifts, into SLOPES. */
export function linearSlopesOf<F>(
  scratch: usize, n: i32, fixedShift: f64, movingShift: f64, alpha: f64, beta: f64, gamma: f64,
): void {
  const end = scratch + <usize>n * sizeof<F>();
  for (let at = scratch; at < end; at += 16) {
    const f = mul<F>(splat<F>(alpha), sub<F>(v128.load(at, FIXED), splat<F>(fixedShift)));
    const m = mul<F>(splat<F>(beta), sub<F>(v128.load(at, VALUE), splat<F>(movingShift)));
    v128.store(at, add<F>(add<F>(f, m), splat<F>(gamma)), SLOPES);
  }
}

/**
 * Adds Σ w g ⊗ (x, y, z, 1) over n voxels of a row from x, y, z on to a part of a slot: w the weights in a row of the
 * scratch memory, g the slopes of the moving image. Along the row only Σ w g and Σ i w g are summed.
 */
export function addPart<F>(
  scratch: usize, weights: usize, n: i32, dims: i32, slot: usize, part: usize, x: f64, y: f64, z: f64,
): void {
  let sx = splat<F>(0);
  let sy = splat<F>(0);
  let sz = splat<F>(0);
  let tx = splat<F>(0);
  let ty = splat<F>(0);
  let tz = splat<F>(0);
  let index = ramp<F>();
  const step = splat<F>(lanes<F>());
  const end = scratch + <usize>n * sizeof<F>();
  const isVolume = dims == 3;
  for (let at = scratch; at < end; at += 16) {
    const w = v128.load(at + weights);
    const byX = mul<F>(w, v128.load(at, VALUE + VALUE_PLANE));
    const byY = mul<F>(w, v128.load(at, VALUE + 2 * VALUE_PLANE));
    sx = add<F>(sx, byX);
    sy = add<F>(sy, byY);
    tx = add<F>(tx, mul<F>(byX, index));
    ty = add<F>(ty, mul<F>(byY, index));
    if (isVolume) {
      const byZ = mul<F>(w, v128.load(at, VALUE + 3 * VALUE_PLANE));
      sz = add<F>(sz, byZ);
      tz = add<F>(tz, mul<F>(byZ, index));
    }
    index = add<F>(index, step);
  }
  const into = slot + SLOT_PARTS + part * PART_BYTES;
  addRow(into, total<F>(sx), total<F>(tx), x, y, z);
  addRow(into + 32, total<F>(sy), total<F>(ty), x, y, z);
  if (isVolume) addRow(into + 64, total<F>(sz), total<F>(tz), x, y, z);
}

@inline
function addRow(into: usize, sum: f64, along: f64, x: f64, y: f64, z: f64): void {
  accumulate(into, x * sum + along);
  accumulate(into + 8, y * sum);
  accumulate(into + 16, z * sum);
  accumulate(into + 24, sum);
}

/** The same of n points, x y z of each. */
export function addPartAtPoints<F>(
  scratch: usize, weights: usize, n: i32, dims: i32, slot: usize, part: usize, points: usize,
): void {
  const into = slot + SLOT_PARTS + part * PART_BYTES;
  for (let k: usize = 0; k < <usize>n; k++) {
    const at = scratch + k * sizeof<F>();
    const w = <f64>load<F>(at + weights);
    const p = points + k * 24;
    for (let axis: usize = 0; axis < <usize>dims; axis++) {
      const cotangent = w * <f64>load<F>(at + axis * VALUE_PLANE, VALUE + VALUE_PLANE);
      if (cotangent == 0) continue;
      addRow(into + axis * 32, cotangent, load<f64>(p) * cotangent, 0, load<f64>(p, 8), load<f64>(p, 16));
    }
  }
}
