import {
  JOB_FILL, JOB_LOOKUP, JOB_PLANE, JOB_ROW, JOB_SIZE, JOB_SOURCE_TYPE, TYPE_FLOAT32, TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16,
  TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { extendRow } from './extend';
import { tapIndex } from './fold';
import { bytesOf } from './sample';

/** Samples that are copied at once. A row of a box is so many, or several times so many, after the one before. */
export const COPIED: i32 = 16;

/**
 * Copies the box from x, y, z on of the extended source as type F, rows `pitch` samples apart. A vector that reaches past
 * a row reads zeros.
 */
export function stageBox<F>(
  job: usize, source: usize, out: usize, pitch: i32, x: i32, y: i32, z: i32, width: i32, height: i32, depth: i32,
): void {
  if (load<usize>(job, JOB_LOOKUP) == 0) {
    const type = load<i32>(job, JOB_SOURCE_TYPE);
    if (type == TYPE_FLOAT32) return convertBox<f32, F>(job, source, out, pitch, x, y, z, width, height, depth);
    if (type == TYPE_INT16) return convertBox<i16, F>(job, source, out, pitch, x, y, z, width, height, depth);
    if (type == TYPE_UINT8) return convertBox<u8, F>(job, source, out, pitch, x, y, z, width, height, depth);
    if (type == TYPE_UINT16) return convertBox<u16, F>(job, source, out, pitch, x, y, z, width, height, depth);
    if (type == TYPE_INT8) return convertBox<i8, F>(job, source, out, pitch, x, y, z, width, height, depth);
    if (type == TYPE_INT32) return convertBox<i32, f64>(job, source, out, pitch, x, y, z, width, height, depth);
    if (type == TYPE_UINT32) return convertBox<u32, f64>(job, source, out, pitch, x, y, z, width, height, depth);
    return convertBox<f64, f64>(job, source, out, pitch, x, y, z, width, height, depth);
  }
  for (let k = z; k < z + depth; k++) {
    for (let j = y; j < y + height; j++) {
      extendRow<F>(job, source, x, width, j, k, out);
      endRow(out + <usize>width * sizeof<F>());
      out += <usize>pitch * sizeof<F>();
    }
  }
}

function convertBox<T, F>(
  job: usize, source: usize, out: usize, pitch: i32, x: i32, y: i32, z: i32, width: i32, height: i32, depth: i32,
): void {
  for (let k = z; k < z + depth; k++) {
    const slice = tapIndex(job, 2, k);
    for (let j = y; j < y + height; j++) {
      const row = tapIndex(job, 1, j);
      if (row < 0 || slice < 0) extendRow<F>(job, source, x, width, j, k, out);
      else {
        const samples = <usize>row * load<usize>(job, JOB_ROW) + <usize>slice * load<usize>(job, JOB_PLANE);
        convertRow<T, F>(job, source + samples * sizeof<T>(), x, width, out);
      }
      endRow(out + <usize>width * sizeof<F>());
      out += <usize>pitch * sizeof<F>();
    }
  }
}

/** n samples of a row from x on, as type F. Those of the source are copied at once, what extends them one by one. */
@inline
export function convertRow<T, F>(job: usize, line: usize, x: i32, n: i32, out: usize): void {
  const size = load<i32>(job, JOB_SIZE);
  if (x >= 0 && x + n <= size) return convertLine<T, F>(line + <usize>x * sizeof<T>(), out, n);
  const first = min(max(0, -x), n);
  const last = max(first, min(size - x, n));
  convertLine<T, F>(line + <usize>(x + first) * sizeof<T>(), out + <usize>first * sizeof<F>(), last - first);
  for (let i = 0; i < first; i++) extendOne<T, F>(job, line, x + i, out + <usize>i * sizeof<F>());
  for (let i = last; i < n; i++) extendOne<T, F>(job, line, x + i, out + <usize>i * sizeof<F>());
}

/** 64 bytes at a time: what is written past n is written again by the end of the row, or the next. */
@inline
function convertLine<T, F>(at: usize, out: usize, n: i32): void {
  const next = 16 / sizeof<F>() * sizeof<T>();
  for (const end = out + <usize>max(0, n) * sizeof<F>(); out < end; out += 64) {
    v128.store(out, vector<T, F>(at));
    v128.store(out, vector<T, F>(at + next), 16);
    v128.store(out, vector<T, F>(at + 2 * next), 32);
    v128.store(out, vector<T, F>(at + 3 * next), 48);
    at += 4 * next;
  }
}

/** As many samples as a vector of type F has. */
@inline
function vector<T, F>(at: usize): v128 {
  return sizeof<F>() == 4 ? four<T>(at) : two<T>(at);
}

/** Two samples as float64. */
@inline
function two<T>(at: usize): v128 {
  if (isFloat<T>()) return sizeof<T>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
  if (sizeof<T>() < 4) return f64x2.replace_lane(f64x2.splat(<f64>load<T>(at)), 1, <f64>load<T>(at + sizeof<T>()));
  const both = v128.load_zero<u64>(at);
  return isSigned<T>() ? f64x2.convert_low_i32x4_s(both) : f64x2.convert_low_i32x4_u(both);
}

/** Four samples as float32. */
@inline
export function four<T>(at: usize): v128 {
  if (isFloat<T>()) return v128.load(at);
  if (sizeof<T>() == 2) return f32x4.convert_i32x4_s(v128.load_ext<T>(at));
  const bytes = v128.load_zero<u32>(at);
  if (isSigned<T>()) return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes)));
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

function extendOne<T, F>(job: usize, line: usize, i: i32, out: usize): void {
  const place = tapIndex(job, 0, i);
  store<F>(out, place < 0 ? <F>load<f64>(job, JOB_FILL) : <F>load<T>(line + <usize>place * sizeof<T>()));
}

@inline
function endRow(out: usize): void {
  v128.store(out, i64x2.splat(0));
  v128.store(out, i64x2.splat(0), 16);
}

/** Copies a box of the source itself as it is, rows `pitch` bytes apart. */
export function copyBox(
  job: usize, source: usize, out: usize, pitch: usize, x: i32, y: i32, z: i32, width: i32, height: i32, depth: i32,
): void {
  const bytes = bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  const row = load<usize>(job, JOB_ROW) * bytes;
  const plane = load<usize>(job, JOB_PLANE) * bytes;
  const length = <usize>width * bytes;
  source += <usize>x * bytes + <usize>y * row + <usize>z * plane;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      copyLine(source + <usize>j * row + <usize>k * plane, out, length);
      out += pitch;
    }
  }
}

/** 64 bytes at a time: what is written past the row is written again by the next. */
@inline
function copyLine(at: usize, out: usize, length: usize): void {
  for (const end = out + length; out < end; out += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    at += 64;
  }
}
