import {
  JOB_BLOCK, JOB_CHANNEL, JOB_CHANNELS, JOB_FILL, JOB_OUT, JOB_OUT_PLANE, JOB_PLANE, JOB_ROW, JOB_SIZE, JOB_SOURCE,
  JOB_SOURCE_TYPE, JOB_START, JOB_LOOKUP, JOB_WIDE, TYPE_FLOAT32, TYPE_INT16, TYPE_INT32, TYPE_INT8, TYPE_UINT16,
  TYPE_UINT32, TYPE_UINT8,
} from '../src/job-layout';
import { tapIndex } from './fold';
import { bytesOf } from './sample';
import { takeTile } from './take-tile';

/**
 * Writes the block of a job with the samples themselves, no map: converted to the type of arithmetic and extended
 * beyond the source as the boundary says. What B-spline coefficients are made from. A tile is one slice.
 */
export function extend(job: usize, _scratch: usize, most: i32): void {
  do {
    const tile = takeTile(job);
    if (tile < 0) return;
    if (load<i32>(job, JOB_WIDE)) extendSlice<f64>(job, tile);
    else extendSlice<f32>(job, tile);
  } while (--most != 0);
}

function extendSlice<F>(job: usize, z: i32): void {
  const channels = load<i32>(job, JOB_CHANNELS);
  for (let channel = 0; channel < channels; channel++) extendPlane<F>(job, <usize>channel, z);
}

function extendPlane<F>(job: usize, channel: usize, z: i32): void {
  const width = load<i32>(job, JOB_BLOCK);
  const height = load<i32>(job, JOB_BLOCK + 4);
  const bytes = bytesOf(load<i32>(job, JOB_SOURCE_TYPE));
  const source = load<usize>(job, JOB_SOURCE) + channel * load<usize>(job, JOB_CHANNEL) * bytes;
  let out = load<usize>(job, JOB_OUT) + channel * load<usize>(job, JOB_OUT_PLANE) * sizeof<F>();
  out += <usize>z * <usize>width * <usize>height * sizeof<F>();
  const x0 = load<i32>(job, JOB_START);
  const y0 = load<i32>(job, JOB_START + 4);
  const z0 = load<i32>(job, JOB_START + 8);
  for (let y = 0; y < height; y++) {
    extendRow<F>(job, source, x0, width, y0 + y, z0 + z, out);
    out += <usize>width * sizeof<F>();
  }
}

/** n samples of the extended source from x, y, z on, as type F. */
export function extendRow<F>(job: usize, source: usize, x: i32, n: i32, y: i32, z: i32, out: usize): void {
  const row = tapIndex(job, 1, y);
  const slice = tapIndex(job, 2, z);
  const fill = <F>load<f64>(job, JOB_FILL);
  if (row < 0 || slice < 0) {
    for (let i: usize = 0; i < <usize>n; i++) store<F>(out + i * sizeof<F>(), fill);
    return;
  }
  const type = load<i32>(job, JOB_SOURCE_TYPE);
  const line = source + (<usize>row * load<usize>(job, JOB_ROW) + <usize>slice * load<usize>(job, JOB_PLANE)) * bytesOf(type);
  if (type == TYPE_FLOAT32) extendLine<f32, F>(job, line, x, n, fill, out);
  else if (type == TYPE_UINT8) extendLine<u8, F>(job, line, x, n, fill, out);
  else if (type == TYPE_INT16) extendLine<i16, F>(job, line, x, n, fill, out);
  else if (type == TYPE_UINT16) extendLine<u16, F>(job, line, x, n, fill, out);
  else if (type == TYPE_INT8) extendLine<i8, F>(job, line, x, n, fill, out);
  else if (type == TYPE_INT32) extendLine<i32, F>(job, line, x, n, fill, out);
  else if (type == TYPE_UINT32) extendLine<u32, F>(job, line, x, n, fill, out);
  else extendLine<f64, F>(job, line, x, n, fill, out);
}

function extendLine<T, F>(job: usize, line: usize, x: i32, n: i32, fill: F, out: usize): void {
  const size = load<i32>(job, JOB_SIZE);
  const end = x + n;
  const first = load<usize>(job, JOB_LOOKUP) != 0 ? end : min(max(0, x), end);
  const last = load<usize>(job, JOB_LOOKUP) != 0 ? end : max(first, min(size, end));
  for (let i = x; i < first; i++) one<T, F>(job, line, i, fill, out + <usize>(i - x) * sizeof<F>());
  // A copy of nothing still traps where it begins beyond the memory.
  if (last > first) convert<T, F>(line + <usize>first * sizeof<T>(), out + <usize>(first - x) * sizeof<F>(), last - first);
  for (let i = last; i < end; i++) one<T, F>(job, line, i, fill, out + <usize>(i - x) * sizeof<F>());
}

@inline
function one<T, F>(job: usize, line: usize, i: i32, fill: F, out: usize): void {
  const place = tapIndex(job, 0, i);
  store<F>(out, place < 0 ? fill : <F>load<T>(line + <usize>place * sizeof<T>()));
}

@inline
function convert<T, F>(from: usize, to: usize, n: i32): void {
  if (isFloat<T>() && sizeof<T>() == sizeof<F>()) {
    memory.copy(to, from, <usize>n * sizeof<F>());
    return;
  }
  for (let i: usize = 0; i < <usize>n; i++) store<F>(to + i * sizeof<F>(), <F>load<T>(from + i * sizeof<T>()));
}
