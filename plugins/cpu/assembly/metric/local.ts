import { JOB_ABORT, JOB_NEXT, JOB_TILE_COUNT } from '../../src/job-layout';
import {
  COEFFICIENTS, LOCAL_COUNT, LOCAL_FIXED, LOCAL_MOVING, LOCAL_RADIUS, LOCAL_SHIFTS, LOCAL_SIZE, LOCAL_SLOPES, LOCAL_SUMS,
  LOCAL_TILE, LOCAL_VALID, LOCAL_WIDE, LOCAL_WIDTH, LOCAL_WINDOWS, MOMENTS,
} from '../../src/metric/local-layout';
import { inputRow, openSlice, openSlide, outputRow, slideAcrossRows, slideAcrossSlices, slideAlongRow } from './slide';
import {
  addDeviations, addValues, closeValues, closeWindow, examine, isFlat, isUniform, meanF, meanM, openWindow, products,
  squaresF, squaresM,
} from './window';

// Local correlation: 2 s_fm / (s_ff s_mm) ((f - f̄) - s_fm / s_mm (m - m̄)) of every window that holds a sample. The first
// job sums moments over the windows and leaves a, b, c of each, such that its part of a slope is a f - b m + c; the second
// sums those over the windows that hold a sample. Both are limited by the additions and moves of their sums along three
// axes, in float64: 6 and 4 of them.

/** Share of the squares that deviations must be, or the window is examined by itself. */
const DOUBT: f64 = 1e-7;

let x0: i32 = 0;
let x1: i32 = 0;
let y0: i32 = 0;
let y1: i32 = 0;
let z0: i32 = 0;
let z1: i32 = 0;
let channel: usize = 0;
let voxels: usize = 0;

/** What the windows about the voxels of a tile say; takes tiles until there are none. */
export function correlate(job: usize, scratch: usize): void {
  const count = load<i32>(job, JOB_TILE_COUNT);
  while (!atomic.load<i32>(job, JOB_ABORT)) {
    const tile = atomic.add<i32>(job, 1, JOB_NEXT);
    if (tile >= count) return;
    if (load<i32>(job, LOCAL_WIDE)) slideTile<f64>(job, scratch, tile, true);
    else slideTile<f32>(job, scratch, tile, true);
  }
}

/** Slopes of the voxels of a tile. */
export function gatherSlopes(job: usize, scratch: usize): void {
  const count = load<i32>(job, JOB_TILE_COUNT);
  while (!atomic.load<i32>(job, JOB_ABORT)) {
    const tile = atomic.add<i32>(job, 1, JOB_NEXT);
    if (tile >= count) return;
    if (load<i32>(job, LOCAL_WIDE)) slideTile<f64>(job, scratch, tile, false);
    else slideTile<f32>(job, scratch, tile, false);
  }
}

function openTile(job: usize, tile: i32): void {
  const width = load<i32>(job, LOCAL_SIZE);
  const height = load<i32>(job, LOCAL_SIZE + 4);
  const depth = load<i32>(job, LOCAL_SIZE + 8);
  const across = (width + load<i32>(job, LOCAL_TILE) - 1) / load<i32>(job, LOCAL_TILE);
  const down = (height + load<i32>(job, LOCAL_TILE + 4) - 1) / load<i32>(job, LOCAL_TILE + 4);
  const deep = (depth + load<i32>(job, LOCAL_TILE + 8) - 1) / load<i32>(job, LOCAL_TILE + 8);
  x0 = (tile % across) * load<i32>(job, LOCAL_TILE);
  y0 = ((tile / across) % down) * load<i32>(job, LOCAL_TILE + 4);
  z0 = ((tile / (across * down)) % deep) * load<i32>(job, LOCAL_TILE + 8);
  x1 = min(x0 + load<i32>(job, LOCAL_TILE), width);
  y1 = min(y0 + load<i32>(job, LOCAL_TILE + 4), height);
  z1 = min(z0 + load<i32>(job, LOCAL_TILE + 8), depth);
  channel = <usize>(tile / (across * down * deep));
  voxels = <usize>(width * height * depth);
}

function slideTile<F>(job: usize, scratch: usize, tile: i32, isFirst: bool): void {
  openTile(job, tile);
  const rx = load<i32>(job, LOCAL_RADIUS);
  const ry = load<i32>(job, LOCAL_RADIUS + 4);
  const rz = load<i32>(job, LOCAL_RADIUS + 8);
  const height = load<i32>(job, LOCAL_SIZE + 4);
  const depth = load<i32>(job, LOCAL_SIZE + 8);
  const bytes = (isFirst ? MOMENTS : COEFFICIENTS) << 3;
  openSlide(scratch, bytes, x1 - x0, y1 - y0, rx, ry, rz);
  const outBytes = <usize>(x1 - x0) * bytes;
  let sum: f64 = 0;
  for (let z = z0 - rz; z < z1 + rz; z++) {
    openSlice();
    for (let y = y0 - ry; y < y1 + ry; y++) {
      if (y < 0 || y >= height || z < 0 || z >= depth) memory.fill(outputRow(), 0, outBytes);
      else {
        if (isFirst) putMoments<F>(job, rx, y, z);
        else putCoefficients<F>(job, rx, y, z);
        slideAlongRow();
      }
      slideAcrossRows(y - y0 + ry);
      // The window that ends here is about the row so many before.
      if (y - ry < y0) continue;
      slideAcrossSlices(y - ry - y0, z - z0 + rz);
      if (z - rz < z0) continue;
      if (isFirst) sum += judgeRow<F>(job, y - ry, z - rz);
      else storeSlopes<F>(job, y - ry, z - rz);
    }
  }
  if (isFirst) store<f64>(load<usize>(job, LOCAL_SUMS) + (<usize>tile << 3), sum);
}

/** Number of the sample at x, y, z. */
@inline
function sampleAt(job: usize, x: i32, y: i32, z: i32): usize {
  return <usize>(x + load<i32>(job, LOCAL_SIZE) * (y + load<i32>(job, LOCAL_SIZE + 4) * z));
}

@inline
function shiftOf(job: usize, which: usize): f64 {
  return load<f64>(load<usize>(job, LOCAL_SHIFTS) + (channel << 4) + (which << 3));
}

/** A row's f, m, f², m², f m and 1; 0 where a sample does not count. */
function putMoments<F>(job: usize, rx: i32, y: i32, z: i32): void {
  const width = load<i32>(job, LOCAL_SIZE);
  const shift = f64x2.replace_lane(f64x2.splat(shiftOf(job, 0)), 1, shiftOf(job, 1));
  const row = sampleAt(job, 0, y, z);
  const fixed = load<usize>(job, LOCAL_FIXED) + (channel * voxels + row) * sizeof<F>();
  const moving = load<usize>(job, LOCAL_MOVING) + (channel * voxels + row) * sizeof<F>();
  const valid = load<usize>(job, LOCAL_VALID) + row;
  let out = inputRow();
  for (let x = x0 - rx; x < x1 + rx; x++) {
    if (x < 0 || x >= width || load<u8>(valid + <usize>x) == 0) memory.fill(out, 0, 48);
    else {
      const f = <f64>load<F>(fixed + <usize>x * sizeof<F>());
      const m = <f64>load<F>(moving + <usize>x * sizeof<F>());
      const both = f64x2.sub(f64x2.replace_lane(f64x2.splat(f), 1, m), shift);
      const product = f64x2.extract_lane(both, 0) * f64x2.extract_lane(both, 1);
      v128.store(out, both);
      v128.store(out, f64x2.mul(both, both), 16);
      v128.store(out, f64x2.replace_lane(f64x2.splat(product), 1, 1), 32);
    }
    out += 48;
  }
}

/** Figures of a row of windows, summed; leaves a, b and c of each. */
function judgeRow<F>(job: usize, y: i32, z: i32): f64 {
  const shiftF = shiftOf(job, 0);
  const shiftM = shiftOf(job, 1);
  const fixed = load<usize>(job, LOCAL_FIXED) + channel * voxels * sizeof<F>();
  const moving = load<usize>(job, LOCAL_MOVING) + channel * voxels * sizeof<F>();
  const valid = load<usize>(job, LOCAL_VALID);
  const row = sampleAt(job, 0, y, z);
  const windows = load<usize>(job, LOCAL_WINDOWS);
  const plane = voxels * sizeof<F>();
  let into = windows + 3 * channel * plane + (row + <usize>x0) * sizeof<F>();
  let from = outputRow();
  let sum: f64 = 0;
  let count: f64 = 0;
  let inverse: f64 = 0;
  for (let x = x0; x < x1; x++) {
    let a: f64 = 0;
    let b: f64 = 0;
    let c: f64 = 0;
    if (load<u8>(valid + row + <usize>x) != 0) {
      const n = load<f64>(from, 40);
      if (n != count) {
        count = n;
        inverse = 1 / n;
      }
      const squareF = load<f64>(from, 16);
      const squareM = load<f64>(from, 24);
      let f = load<f64>(from) * inverse;
      let m = load<f64>(from, 8) * inverse;
      let sff = squareF - f * load<f64>(from);
      let smm = squareM - m * load<f64>(from, 8);
      let sfm = load<f64>(from, 32) - f * load<f64>(from, 8);
      let flat = false;
      if (!(sff > DOUBT * squareF && smm > DOUBT * squareM)) {
        flat = isUniform<F>(job, fixed, x, y, z) || isUniform<F>(job, moving, x, y, z);
        if (!flat) {
          examine<F>(job, fixed, moving, valid, x, y, z, shiftF, shiftM);
          flat = isFlat;
          f = meanF;
          m = meanM;
          sff = squaresF;
          smm = squaresM;
          sfm = products;
        }
      }
      if (!flat) {
        sum += (sfm / sff) * (sfm / smm);
        a = ((2 * sfm) / sff) / smm;
        b = (a * sfm) / smm;
        c = b * m - a * f;
      }
    }
    if (windows != 0) {
      store<F>(into, <F>a);
      store<F>(into + plane, <F>b);
      store<F>(into + 2 * plane, <F>c);
    }
    into += sizeof<F>();
    from += 48;
  }
  return sum;
}

/** A row's a, b and c; 0 where no window is. */
function putCoefficients<F>(job: usize, rx: i32, y: i32, z: i32): void {
  const width = load<i32>(job, LOCAL_SIZE);
  const plane = voxels * sizeof<F>();
  const windows = load<usize>(job, LOCAL_WINDOWS) + 3 * channel * plane + sampleAt(job, 0, y, z) * sizeof<F>();
  let out = inputRow();
  for (let x = x0 - rx; x < x1 + rx; x++) {
    if (x < 0 || x >= width) memory.fill(out, 0, 32);
    else {
      const at = windows + <usize>x * sizeof<F>();
      store<f64>(out, <f64>load<F>(at));
      store<f64>(out, <f64>load<F>(at + plane), 8);
      store<f64>(out, <f64>load<F>(at + 2 * plane), 16);
      store<f64>(out, 0, 24);
    }
    out += 32;
  }
}

function storeSlopes<F>(job: usize, y: i32, z: i32): void {
  const shiftF = shiftOf(job, 0);
  const shiftM = shiftOf(job, 1);
  const row = sampleAt(job, x0, y, z);
  const at = (channel * voxels + row) * sizeof<F>();
  const fixed = load<usize>(job, LOCAL_FIXED) + at;
  const moving = load<usize>(job, LOCAL_MOVING) + at;
  const slopes = load<usize>(job, LOCAL_SLOPES) + at;
  const valid = load<usize>(job, LOCAL_VALID) + row;
  let from = outputRow();
  for (let k: usize = 0; k < <usize>(x1 - x0); k++) {
    let slope: f64 = 0;
    if (load<u8>(valid + k) != 0) {
      const f = <f64>load<F>(fixed + k * sizeof<F>()) - shiftF;
      const m = <f64>load<F>(moving + k * sizeof<F>()) - shiftM;
      slope = f * load<f64>(from) - m * load<f64>(from, 8) + load<f64>(from, 16);
    }
    store<F>(slopes + k * sizeof<F>(), <F>slope);
    from += 32;
  }
}

/** Windows of a list of points, sample after sample, the middle one the point: figures and slopes at once. */
export function correlateLists(job: usize, _scratch: usize): void {
  const tasks = load<i32>(job, JOB_TILE_COUNT);
  while (!atomic.load<i32>(job, JOB_ABORT)) {
    const task = atomic.add<i32>(job, 1, JOB_NEXT);
    if (task >= tasks) return;
    const count = load<i32>(job, LOCAL_COUNT);
    const size = load<i32>(job, LOCAL_TILE);
    const parts = (count + size - 1) / size;
    channel = <usize>(task / parts);
    voxels = load<usize>(job, LOCAL_COUNT) * load<usize>(job, LOCAL_WIDTH);
    const first = (task % parts) * size;
    let sum: f64 = 0;
    for (let window = first; window < min(first + size, count); window++) sum += judgeList(job, <usize>window);
    store<f64>(load<usize>(job, LOCAL_SUMS) + (<usize>task << 3), sum);
  }
}

function judgeList(job: usize, window: usize): f64 {
  const width = load<usize>(job, LOCAL_WIDTH);
  const first = window * width;
  const at = (channel * voxels + first) << 3;
  const fixed = load<usize>(job, LOCAL_FIXED) + at;
  const moving = load<usize>(job, LOCAL_MOVING) + at;
  const valid = load<usize>(job, LOCAL_VALID) + first;
  const slopes = load<usize>(job, LOCAL_SLOPES);
  if (slopes != 0) memory.fill(slopes + at, 0, width << 3);
  if (load<u8>(valid + (width - 1) / 2) == 0) return 0;
  openWindow();
  addValues<f64>(fixed, moving, valid, <i32>width);
  closeValues();
  addDeviations<f64>(fixed, moving, valid, <i32>width);
  closeWindow(0, 0);
  if (isFlat) return 0;
  const a = ((2 * products) / squaresF) / squaresM;
  const b = (a * products) / squaresM;
  if (slopes != 0) {
    for (let k: usize = 0; k < width; k++) {
      if (load<u8>(valid + k) == 0) continue;
      const f = load<f64>(fixed + (k << 3)) - meanF;
      const m = load<f64>(moving + (k << 3)) - meanM;
      store<f64>(slopes + at + (k << 3), a * f - b * m);
    }
  }
  return (products / squaresF) * (products / squaresM);
}
