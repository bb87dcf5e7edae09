import {
  STEP_LATTICE, STEP_LATTICE_COMPONENT, STEP_LATTICE_PLANE, STEP_LATTICE_ROW, STEP_LATTICE_SIZE, STEP_LATTICE_WIDE, STEP_LOOKUP, STEP_MATRIX, STEP_ORDER, STEP_VECTORS,
} from '../src/job-layout';
import { LINE, POSITION, POSITION_AXIS } from './scratch';

/** Does each voxel of a row stand on a lattice point of order 1, so that the lattice's value there is that point's? */
export function isDense(step: usize, x: f64, y: f64, z: f64, n: i32): bool {
  const size = step + STEP_LATTICE_SIZE;
  return load<i32>(step, STEP_ORDER) == 1 && load<f64>(step, STEP_LOOKUP) == 1
    && isPoint(x, load<i32>(size) - n + 1) && isPoint(y, load<i32>(size, 4)) && isPoint(z, load<i32>(size, 8));
}

@inline
function isPoint(at: f64, count: i32): bool {
  return at >= 0 && at < <f64>count && at == Math.floor(at);
}

/**
 * Positions of n voxels of such a row, the first of which has index x and stands at `at`, y, z of the lattice, by the same sums in
 * the same order as in field.ts. LINE has the affine part. Vectors past the row are read and their positions do not count.
 *
 * Limited by the 3 loads, 6 conversions and, where the vectors' axes are the index's, 24 operations of four voxels, 12 under an identity; as a
 * whole by the field, read from memory once.
 */
export function denseRow(step: usize, scratch: usize, x: f64, n: i32, at: f64, y: f64, z: f64): void {
  const plane = load<usize>(step, STEP_LATTICE_COMPONENT);
  const first = <usize>at + load<usize>(step, STEP_LATTICE_ROW) * <usize>y + load<usize>(step, STEP_LATTICE_PLANE) * <usize>z;
  const data = load<usize>(step, STEP_LATTICE);
  if (load<i32>(step, STEP_LATTICE_WIDE)) moveRow<f64>(step, scratch, x, n, data + (first << 3), plane << 3);
  else moveRow<f32>(step, scratch, x, n, data + (first << 2), plane << 2);
}

function moveRow<T>(step: usize, scratch: usize, x: f64, n: i32, data: usize, plane: usize): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    const v = step + STEP_VECTORS + axis * 24;
    const others = Math.abs(load<f64>(v + ((axis + 1) % 3 << 3))) + Math.abs(load<f64>(v + ((axis + 2) % 3 << 3)));
    if (others == 0) moveAlong<T>(step, scratch, x, n, axis, data + axis * plane);
    else moveAcross<T>(step, scratch, x, n, axis, data, plane);
  }
}

/** Along an axis that only its own component moves. */
function moveAlong<T>(step: usize, scratch: usize, x: f64, n: i32, axis: usize, data: usize): void {
  const factor = v128.load_splat<u64>(step + STEP_VECTORS + axis * 32);
  const slope = v128.load_splat<u64>(step + STEP_MATRIX + axis * 32);
  const offset = v128.load_splat<u64>(scratch + LINE + axis * 16);
  const two = f64x2.splat(2);
  if (load<f64>(step + STEP_MATRIX + axis * 32) == 0) return moveStill<T>(scratch, n, axis, data, factor, offset);
  let xs = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let p = scratch + POSITION + axis * POSITION_AXIS;
  const end = p + ((<usize>n) << 3);
  do {
    const a = f64x2.add(f64x2.mul(slope, xs), offset);
    v128.store(p, f64x2.add(a, f64x2.mul(factor, pair<T>(data))));
    xs = f64x2.add(xs, two);
    const b = f64x2.add(f64x2.mul(slope, xs), offset);
    v128.store(p, f64x2.add(b, f64x2.mul(factor, pair<T>(data + 2 * sizeof<T>()))), 16);
    xs = f64x2.add(xs, two);
    data += 4 * sizeof<T>();
    p += 32;
  } while (p < end);
}

/** Along an axis on which all voxels of the row start from one place: 0 times an index, added, changes no bit. */
@inline
function moveStill<T>(scratch: usize, n: i32, axis: usize, data: usize, factor: v128, offset: v128): void {
  let p = scratch + POSITION + axis * POSITION_AXIS;
  const end = p + ((<usize>n) << 3);
  do {
    v128.store(p, f64x2.add(offset, f64x2.mul(factor, pair<T>(data))));
    v128.store(p, f64x2.add(offset, f64x2.mul(factor, pair<T>(data + 2 * sizeof<T>()))), 16);
    data += 4 * sizeof<T>();
    p += 32;
  } while (p < end);
}

/** Along an axis that all components move. */
function moveAcross<T>(step: usize, scratch: usize, x: f64, n: i32, axis: usize, data: usize, plane: usize): void {
  const v = step + STEP_VECTORS + axis * 24;
  const slope = v128.load_splat<u64>(step + STEP_MATRIX + axis * 32);
  const offset = v128.load_splat<u64>(scratch + LINE + axis * 16);
  let xs = f64x2.replace_lane(f64x2.splat(x), 1, x + 1);
  let p = scratch + POSITION + axis * POSITION_AXIS;
  const end = p + ((<usize>n) << 3);
  do {
    const xy = f64x2.add(
      f64x2.mul(v128.load_splat<u64>(v), pair<T>(data)), f64x2.mul(v128.load_splat<u64>(v + 8), pair<T>(data + plane)));
    const moved = f64x2.add(xy, f64x2.mul(v128.load_splat<u64>(v + 16), pair<T>(data + 2 * plane)));
    v128.store(p, f64x2.add(f64x2.add(f64x2.mul(slope, xs), offset), moved));
    xs = f64x2.add(xs, f64x2.splat(2));
    data += 2 * sizeof<T>();
    p += 16;
  } while (p < end);
}

@inline
function pair<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
}
