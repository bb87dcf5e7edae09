import {
  JOB_EXTENT, JOB_FILL, JOB_LIMIT, JOB_PLANE, JOB_ROW, JOB_SOURCE_TYPE, JOB_WRAP, LIMIT_CELLS, LIMIT_NONE, LIMIT_SAMPLES, TYPE_FLOAT32,
  TYPE_INT16, TYPE_UINT16, TYPE_UINT8,
} from '../src/job-layout';
import { tapIndex } from './fold';
import { POSITION, POSITION_AXIS, VALUE } from './scratch';
import { FAR, MAGIC, MAGIC_WORD, UNIT } from './split';

/** Bits of the voxels that the last call found outside. */
export let outsideBits: u64 = 0;

// Least and most position of what is no more than near the edge, along x y z.
let lowest: f64 = 0;
let mostX: f64 = 0;
let mostY: f64 = 0;
let mostZ: f64 = 0;

/**
 * Linear in a volume at the voxels of a chunk, given by their bits, that do not have all taps in the view: the fill value to
 * VALUE where they are outside, and otherwise the value of the eight taps where the boundary finds them. Answers the bits of those it
 * leaves: positions that have to be moved first, and values that are not finite.
 *
 * A voxel at a time, some 15 instructions where it is outside and 90 where it is at the edge, of which a volume has few.
 */
export function fillOdd(job: usize, scratch: usize, source: usize, bits: u64): u64 {
  setBounds(job);
  const hasOutside = load<i32>(job, JOB_LIMIT) != LIMIT_NONE;
  const fill = <f32>load<f64>(job, JOB_FILL);
  let left: u64 = 0;
  outsideBits = 0;
  for (; bits != 0; bits &= bits - 1) {
    const i = <usize>ctz(bits);
    const p = scratch + POSITION + (i << 3);
    const out = scratch + VALUE + (i << 2);
    if (isNear(load<f64>(p), mostX) && isNear(load<f64>(p, POSITION_AXIS), mostY) && isNear(load<f64>(p, 2 * POSITION_AXIS), mostZ)) {
      const value = edgeValue(job, source, p);
      if (value - value == 0) store<f32>(out, value);
      else left |= <u64>1 << i;
    } else if (hasOutside) {
      store<f32>(out, fill);
      outsideBits |= <u64>1 << i;
    } else left |= <u64>1 << i;
  }
  return left;
}

@inline
function isNear(at: f64, most: f64): bool {
  return at >= lowest && at <= most;
}

/** What the boundary lets in; where it lets in all, what needs not be moved, see settle.ts. */
function setBounds(job: usize): void {
  const limit = load<i32>(job, JOB_LIMIT);
  let above: f64 = FAR;
  lowest = -FAR;
  if (limit == LIMIT_SAMPLES || load<i32>(job, JOB_WRAP) != 0) {
    lowest = 0;
    above = -1;
  } else if (limit == LIMIT_CELLS) {
    lowest = -0.5;
    above = -0.5;
  }
  const isOpen = limit == LIMIT_CELLS;
  mostX = bound(load<f64>(job, JOB_EXTENT) + above, isOpen);
  mostY = bound(load<f64>(job, JOB_EXTENT + 8) + above, isOpen);
  mostZ = bound(load<f64>(job, JOB_EXTENT + 16) + above, isOpen);
}

/** The largest number up to a positive one, or with `isOpen` below it. */
@inline
function bound(most: f64, isOpen: bool): f64 {
  return isOpen ? reinterpret<f64>(reinterpret<u64>(most) - 1) : most;
}

function edgeValue(job: usize, source: usize, p: usize): f32 {
  const type = load<i32>(job, JOB_SOURCE_TYPE);
  if (type == TYPE_FLOAT32) return edgeValueOf<f32>(job, source, p);
  if (type == TYPE_INT16) return edgeValueOf<i16>(job, source, p);
  if (type == TYPE_UINT8) return edgeValueOf<u8>(job, source, p);
  if (type == TYPE_UINT16) return edgeValueOf<u16>(job, source, p);
  return edgeValueOf<i8>(job, source, p);
}

function edgeValueOf<T>(job: usize, source: usize, p: usize): f32 {
  const x = load<f64>(p) + MAGIC;
  const y = load<f64>(p, POSITION_AXIS) + MAGIC;
  const z = load<f64>(p, 2 * POSITION_AXIS) + MAGIC;
  const x0 = tapIndex(job, 0, cell(x));
  const x1 = tapIndex(job, 0, cell(x) + 1);
  const y0 = tapIndex(job, 1, cell(y));
  const y1 = tapIndex(job, 1, cell(y) + 1);
  const z0 = tapIndex(job, 2, cell(z));
  const z1 = tapIndex(job, 2, cell(z) + 1);
  const tx = distance(x);
  const ty = distance(y);
  const tz = distance(z);
  if ((x0 | x1 | y0 | y1 | z0 | z1) < 0) {
    const near = mix(pairAt<T>(job, source, x0, x1, y0, z0, tx), pairAt<T>(job, source, x0, x1, y1, z0, tx), ty);
    const far = mix(pairAt<T>(job, source, x0, x1, y0, z1, tx), pairAt<T>(job, source, x0, x1, y1, z1, tx), ty);
    return mix(near, far, tz);
  }
  // No tap is the fill value.
  const row = load<i32>(job, JOB_ROW);
  const plane = load<i32>(job, JOB_PLANE);
  const a = source + <usize>x0 * sizeof<T>();
  const b = source + <usize>x1 * sizeof<T>();
  const aa = <usize>(y0 * row + z0 * plane) * sizeof<T>();
  const ba = <usize>(y1 * row + z0 * plane) * sizeof<T>();
  const ab = <usize>(y0 * row + z1 * plane) * sizeof<T>();
  const bb = <usize>(y1 * row + z1 * plane) * sizeof<T>();
  const near = mix(pair<T>(a + aa, b + aa, tx), pair<T>(a + ba, b + ba, tx), ty);
  const far = mix(pair<T>(a + ab, b + ab, tx), pair<T>(a + bb, b + bb, tx), ty);
  return mix(near, far, tz);
}

@inline
function pair<T>(a: usize, b: usize, t: f32): f32 {
  return mix(<f32>load<T>(a), <f32>load<T>(b), t);
}

/** Of a position to which MAGIC was added, as in split.ts. */
@inline
function cell(sum: f64): i32 {
  return <i32>(reinterpret<u64>(sum) >> 32) - MAGIC_WORD;
}

/** From the start of the cell. */
@inline
function distance(sum: f64): f32 {
  return <f32>(<i32>(<u32>reinterpret<u64>(sum) >> 1)) * UNIT;
}

@inline
function pairAt<T>(job: usize, source: usize, x0: i32, x1: i32, y: i32, z: i32, t: f32): f32 {
  return mix(sampleAt<T>(job, source, x0, y, z), sampleAt<T>(job, source, x1, y, z), t);
}

@inline
function sampleAt<T>(job: usize, source: usize, x: i32, y: i32, z: i32): f32 {
  if ((x | y | z) < 0) return <f32>load<f64>(job, JOB_FILL);
  return <f32>load<T>(source + <usize>(x + y * load<i32>(job, JOB_ROW) + z * load<i32>(job, JOB_PLANE)) * sizeof<T>());
}

@inline
function mix(a: f32, b: f32, t: f32): f32 {
  return a + (b - a) * t;
}
