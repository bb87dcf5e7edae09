import {
  JOB_DIMS, JOB_FILL, JOB_PLANE, JOB_ROW, JOB_SOURCE_TYPE, TYPE_FLOAT32, TYPE_INT16, TYPE_INT32, TYPE_INT8,
  TYPE_UINT16, TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { tapIndex } from './fold';
import { CUBE, INDEX, INDEX_AXIS, OFFSET, TAP, TAP_AXIS } from './scratch';

/**
 * Collects the taps of m samples, from the start-th on, into cubes of their own, extended as the boundary says.
 * The general way: some 2 ns per tap, for samples near the edge and for maps that scatter or shrink too much
 * to stage a box. Kernels then read the cubes as they would read the source, so the bits are the same.
 */
export function collect<F>(job: usize, scratch: usize, source: usize, start: i32, m: i32, taps: i32): void {
  const depth = load<i32>(job, JOB_DIMS) == 2 ? 1 : taps;
  const bytes = <usize>(taps * taps * depth) * sizeof<F>();
  for (let s: usize = 0; s < <usize>m; s++) {
    const at = scratch + INDEX + ((<usize>start + s) << 2);
    tapPlaces(job, 0, load<i32>(at), taps, scratch + TAP, 1);
    tapPlaces(job, 1, load<i32>(at + INDEX_AXIS), taps, scratch + TAP + TAP_AXIS, load<i32>(job, JOB_ROW));
    tapPlaces(job, 2, load<i32>(at + 2 * INDEX_AXIS), depth, scratch + TAP + 2 * TAP_AXIS, load<i32>(job, JOB_PLANE));
    const cube = scratch + CUBE + s * bytes;
    store<usize>(scratch + OFFSET + (s << 2), cube);
    fillCube<F>(load<i32>(job, JOB_SOURCE_TYPE), source, scratch + TAP, cube, taps, depth, <F>load<f64>(job, JOB_FILL));
  }
  // Kernels read whole vectors: what lies past the last cube is multiplied by 0 and must be finite.
  v128.store(scratch + CUBE + <usize>m * bytes, i64x2.splat(0));
  // The last group of four repeats the last sample.
  const last = load<usize>(scratch + OFFSET + ((<usize>(m - 1)) << 2));
  for (let k = m; k & 3; k++) store<usize>(scratch + OFFSET + ((<usize>k) << 2), last);
}

/** After the places of an axis: a bit for each tap that is the fill value. */
const FILLS: usize = 24;

/** Where along an axis the taps lie in memory, in samples. Places wrap at 2^32, so that no sign tells one that is nowhere. */
@inline
function tapPlaces(job: usize, axis: i32, first: i32, taps: i32, into: usize, stride: i32): void {
  let fills = 0;
  for (let k = 0; k < taps; k++) {
    const place = tapIndex(job, axis, first + k);
    if (place < 0) fills |= 1 << k;
    store<i32>(into + ((<usize>k) << 2), place * stride);
  }
  store<i32>(into, fills, FILLS);
}

function fillCube<F>(type: i32, source: usize, tap: usize, cube: usize, taps: i32, depth: i32, fill: F): void {
  if (type == TYPE_FLOAT32) fillTyped<f32, F>(source, tap, cube, taps, depth, fill);
  else if (type == TYPE_UINT8) fillTyped<u8, F>(source, tap, cube, taps, depth, fill);
  else if (type == TYPE_INT16) fillTyped<i16, F>(source, tap, cube, taps, depth, fill);
  else if (type == TYPE_UINT16) fillTyped<u16, F>(source, tap, cube, taps, depth, fill);
  else if (type == TYPE_INT8) fillTyped<i8, F>(source, tap, cube, taps, depth, fill);
  else if (type == TYPE_INT32) fillTyped<i32, F>(source, tap, cube, taps, depth, fill);
  else if (type == TYPE_UINT32) fillTyped<u32, F>(source, tap, cube, taps, depth, fill);
  else fillTyped<f64, F>(source, tap, cube, taps, depth, fill);
}

function fillTyped<T, F>(source: usize, tap: usize, cube: usize, taps: i32, depth: i32, fill: F): void {
  const fillsX = load<i32>(tap, FILLS);
  const fillsY = load<i32>(tap, TAP_AXIS + FILLS);
  const fillsZ = load<i32>(tap, 2 * TAP_AXIS + FILLS);
  for (let k = 0; k < depth; k++) {
    const z = load<i32>(tap + 2 * TAP_AXIS + ((<usize>k) << 2));
    for (let j = 0; j < taps; j++) {
      const y = load<i32>(tap + TAP_AXIS + ((<usize>j) << 2));
      const fills = ((fillsZ >> k) | (fillsY >> j)) & 1 ? -1 : fillsX;
      for (let i = 0; i < taps; i++) {
        const x = load<i32>(tap + ((<usize>i) << 2));
        const value = (fills >> i) & 1 ? fill : <F>load<T>(source + <usize>(x + y + z) * sizeof<T>());
        store<F>(cube, value);
        cube += sizeof<F>();
      }
    }
  }
}
