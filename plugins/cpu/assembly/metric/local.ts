import {
  COEFFICIENTS, LOCAL_COUNT, LOCAL_FIXED, LOCAL_MOVING, LOCAL_RADIUS, LOCAL_SHIFTS, LOCAL_SIZE, LOCAL_SLOPES, LOCAL_SUMS,
  LOCAL_TILE, LOCAL_VALID, LOCAL_WIDE, LOCAL_WIDTH, LOCAL_WINDOWS, MOMENTS,
} from '../../src/metric/local-layout';
import { add, lanes, mul, splat, sub } from '../lanes';
import { takeTile } from '../take-tile';
import { inputRow, openSlice, openSlide, outputRow, putRow, slideRow } from './slide';
import {
  addDeviations, addValues, closeValues, closeWindow, examine, isFlat, isUniform, meanF, meanM, openWindow, products,
  squaresF, squaresM,
} from './window';

// Local correlation: 2 s_fm / (s_ff s_mm) ((f - f̄) - s_fm / s_mm (m - m̄)) of every window that holds a sample. The first
// job sums moments over the windows and leaves a, b, c of each, such that its part of a slope is a f - b m + c; the second
// sums those over the windows that hold a sample, in the type of the planes.

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
export function correlate(job: usize, scratch: usize, most: i32): void {
  do {
    const tile = takeTile(job);
    if (tile < 0) return;
    if (load<i32>(job, LOCAL_WIDE)) slideTile<f64, f64>(job, scratch, tile, true);
    else slideTile<f32, f64>(job, scratch, tile, true);
  } while (--most != 0);
}

/** Slopes of the voxels of a tile. */
export function gatherSlopes(job: usize, scratch: usize, most: i32): void {
  do {
    const tile = takeTile(job);
    if (tile < 0) return;
    if (load<i32>(job, LOCAL_WIDE)) slideTile<f64, f64>(job, scratch, tile, false);
    else slideTile<f32, f32>(job, scratch, tile, false);
  } while (--most != 0);
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

/** Sums of T over the boxes of a tile: of moments in float64, of coefficients in the type of the planes. */
function slideTile<F, T>(job: usize, scratch: usize, tile: i32, isFirst: bool): void {
  openTile(job, tile);
  const rx = load<i32>(job, LOCAL_RADIUS);
  const ry = load<i32>(job, LOCAL_RADIUS + 4);
  const rz = load<i32>(job, LOCAL_RADIUS + 8);
  const height = load<i32>(job, LOCAL_SIZE + 4);
  const depth = load<i32>(job, LOCAL_SIZE + 8);
  openSlide<T>(scratch, isFirst ? MOMENTS : COEFFICIENTS, x1 - x0, y1 - y0, rx, ry, rz);
  let sum: f64 = 0;
  for (let z = z0 - rz; z < z1 + rz; z++) {
    openSlice();
    for (let y = y0 - ry; y < y1 + ry; y++) {
      const isBeyond = y < 0 || y >= height || z < 0 || z >= depth;
      if (!isBeyond) {
        if (isFirst) putMoments<F>(job, rx, y, z);
        else putCoefficients<F>(job, rx, y, z);
      }
      putRow<T>(isBeyond);
      // The window that ends here is about the row so many before.
      slideRow<T>(y - ry - y0);
      if (y - ry < y0 || z - rz < z0) continue;
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

/** What is taken off the values of this channel: of the fixed image, of the moving. */
@inline
function shiftOf<F>(job: usize, which: usize): f64 {
  return <f64><F>load<f64>(load<usize>(job, LOCAL_SHIFTS) + (channel << 4) + (which << 3));
}

/** A plane's values of this channel. */
@inline
function planeOf<F>(job: usize, plane: usize): usize {
  return load<usize>(job + plane) + channel * voxels * sizeof<F>();
}

/** The part of a row that the grid has; zeros go before and after it. */
let partFrom: i32 = 0;
let partEnd: i32 = 0;

function setPart(job: usize, rx: i32): void {
  partFrom = max(0, x0 - rx);
  partEnd = min(load<i32>(job, LOCAL_SIZE), x1 + rx);
}

/** A vector past the row is read, and must be finite. */
function padRow<T>(rx: i32, quantities: usize): void {
  const before = <usize>(partFrom - (x0 - rx)) * sizeof<T>();
  const end = <usize>(partEnd - (x0 - rx)) * sizeof<T>();
  const all = <usize>(x1 - x0 + 2 * rx) * sizeof<T>();
  for (let q: usize = 0; q < quantities; q++) {
    for (let at: usize = 0; at < before; at += sizeof<T>()) store<T>(inputRow(q) + at, 0);
    for (let at = end; at < all + 16; at += sizeof<T>()) store<T>(inputRow(q) + at, 0);
  }
}

/** A row's f, m, f², m², f m and 1; 0 where a sample does not count. */
function putMoments<F>(job: usize, rx: i32, y: i32, z: i32): void {
  setPart(job, rx);
  const first = sampleAt(job, partFrom, y, z);
  const fixed = planeOf<F>(job, LOCAL_FIXED) + first * sizeof<F>();
  const moving = planeOf<F>(job, LOCAL_MOVING) + first * sizeof<F>();
  const valid = load<usize>(job, LOCAL_VALID) + first;
  const shiftF = splat<F>(shiftOf<F>(job, 0));
  const shiftM = splat<F>(shiftOf<F>(job, 1));
  const offset = <usize>(partFrom - (x0 - rx)) << 3;
  const n = <usize>(partEnd - partFrom);
  for (let k: usize = 0; k < n; k += lanes<F>()) {
    const isValid = validMask<F>(valid + k);
    const f = v128.and(sub<F>(v128.load(fixed + k * sizeof<F>()), shiftF), isValid);
    const m = v128.and(sub<F>(v128.load(moving + k * sizeof<F>()), shiftM), isValid);
    const one = v128.and(splat<F>(1), isValid);
    const at = offset + (k << 3);
    if (sizeof<F>() == 8) putPair(at, f, m, one);
    else {
      putPair(at, f64x2.promote_low_f32x4(f), f64x2.promote_low_f32x4(m), f64x2.promote_low_f32x4(one));
      putPair(at + 16, promoteHigh(f), promoteHigh(m), promoteHigh(one));
    }
  }
  // Last, since the last pair may reach past the row.
  padRow<f64>(rx, MOMENTS);
}

@inline
function promoteHigh(a: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 1));
}

/** The moments of two samples. */
@inline
function putPair(at: usize, f: v128, m: v128, one: v128): void {
  v128.store(inputRow(0) + at, f);
  v128.store(inputRow(1) + at, m);
  v128.store(inputRow(2) + at, f64x2.mul(f, f));
  v128.store(inputRow(3) + at, f64x2.mul(m, m));
  v128.store(inputRow(4) + at, f64x2.mul(f, m));
  v128.store(inputRow(5) + at, one);
}

/** All bits of the lanes whose byte is not 0. */
@inline
function validMask<F>(at: usize): v128 {
  const bytes = sizeof<F>() == 4 ? v128.load_zero<u32>(at) : i32x4(load<u16>(at), 0, 0, 0);
  const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
  if (sizeof<F>() == 4) return i32x4.gt_s(words, i32x4.splat(0));
  return i64x2.gt_s(i64x2.extend_low_i32x4_u(words), i64x2.splat(0));
}

/** Figures of a row of windows, summed; leaves a, b and c of each. */
function judgeRow<F>(job: usize, y: i32, z: i32): f64 {
  const row = sampleAt(job, x0, y, z);
  const valid = load<usize>(job, LOCAL_VALID) + row;
  const n = <usize>(x1 - x0);
  const f0 = outputRow(0);
  const m0 = outputRow(1);
  const ff0 = outputRow(2);
  const mm0 = outputRow(3);
  const fm0 = outputRow(4);
  const n0 = outputRow(5);
  const doubt = f64x2.splat(DOUBT);
  let figures = f64x2.splat(0);
  let count = f64x2.splat(0);
  let inverse = f64x2.splat(0);
  for (let k: usize = 0; k < n; k += 2) {
    const at = k << 3;
    // What lies past the row is no window.
    const isValid = k + 1 < n ? validMask<f64>(valid + k) : i64x2(load<u8>(valid + k) != 0 ? -1 : 0, 0);
    const counts = v128.load(n0 + at);
    if (!i64x2.all_true(f64x2.eq(counts, count))) {
      count = counts;
      inverse = f64x2.div(f64x2.splat(1), counts);
    }
    const sumF = v128.load(f0 + at);
    const sumM = v128.load(m0 + at);
    const f = f64x2.mul(sumF, inverse);
    const m = f64x2.mul(sumM, inverse);
    const squareF = v128.load(ff0 + at);
    const squareM = v128.load(mm0 + at);
    const sff = f64x2.sub(squareF, f64x2.mul(f, sumF));
    const smm = f64x2.sub(squareM, f64x2.mul(m, sumM));
    const sfm = f64x2.sub(v128.load(fm0 + at), f64x2.mul(f, sumM));
    const isSure = v128.and(f64x2.gt(sff, f64x2.mul(doubt, squareF)), f64x2.gt(smm, f64x2.mul(doubt, squareM)));
    const counted = v128.and(isValid, isSure);
    // Of values that float32 holds, the product of both squares does not overflow.
    const overBoth = sizeof<F>() == 4 ? f64x2.div(sfm, f64x2.mul(sff, smm)) : f64x2.div(f64x2.div(sfm, sff), smm);
    const overM = f64x2.mul(overBoth, sff);
    figures = f64x2.add(figures, v128.and(f64x2.mul(overBoth, sfm), counted));
    const a = v128.and(f64x2.add(overBoth, overBoth), counted);
    const b = v128.and(f64x2.mul(a, overM), counted);
    const c = v128.and(f64x2.sub(f64x2.mul(b, m), f64x2.mul(a, f)), counted);
    // The sums are not needed any more.
    storePair<F>(f0 + k * sizeof<F>(), a);
    storePair<F>(m0 + k * sizeof<F>(), b);
    storePair<F>(ff0 + k * sizeof<F>(), c);
    const odd = v128.andnot(isValid, isSure);
    if (v128.any_true(odd)) {
      const which = i64x2.bitmask(odd);
      if (which & 1) figures = f64x2.add(figures, f64x2(examineOne<F>(job, <i32>k, y, z), 0));
      if (which & 2) figures = f64x2.add(figures, f64x2(0, examineOne<F>(job, <i32>k + 1, y, z)));
    }
  }
  const windows = load<usize>(job, LOCAL_WINDOWS);
  if (windows != 0) {
    const plane = voxels * sizeof<F>();
    const into = windows + 3 * channel * plane + row * sizeof<F>();
    memory.copy(into, f0, n * sizeof<F>());
    memory.copy(into + plane, m0, n * sizeof<F>());
    memory.copy(into + 2 * plane, ff0, n * sizeof<F>());
  }
  return f64x2.extract_lane(figures, 0) + f64x2.extract_lane(figures, 1);
}

@inline
function storePair<F>(at: usize, pair: v128): void {
  if (sizeof<F>() == 8) v128.store(at, pair);
  else v128.store_lane<u64>(at, f32x4.demote_f64x2_zero(pair), 0);
}

/** The figure of the window about the k-th voxel of a row whose sums are in doubt; leaves its a, b and c. */
function examineOne<F>(job: usize, k: i32, y: i32, z: i32): f64 {
  const fixed = planeOf<F>(job, LOCAL_FIXED);
  const moving = planeOf<F>(job, LOCAL_MOVING);
  const x = x0 + k;
  if (isUniform<F>(job, fixed, x, y, z) || isUniform<F>(job, moving, x, y, z)) return 0;
  examine<F>(job, fixed, moving, load<usize>(job, LOCAL_VALID), x, y, z, shiftOf<F>(job, 0), shiftOf<F>(job, 1));
  if (isFlat) return 0;
  const a = ((2 * products) / squaresF) / squaresM;
  const b = (a * products) / squaresM;
  const at = <usize>k * sizeof<F>();
  store<F>(outputRow(0) + at, <F>a);
  store<F>(outputRow(1) + at, <F>b);
  store<F>(outputRow(2) + at, <F>(b * meanM - a * meanF));
  return (products / squaresF) * (products / squaresM);
}

/** A row's a, b and c; 0 where no window is. */
function putCoefficients<F>(job: usize, rx: i32, y: i32, z: i32): void {
  setPart(job, rx);
  padRow<F>(rx, COEFFICIENTS);
  const plane = voxels * sizeof<F>();
  const first = sampleAt(job, partFrom, y, z) * sizeof<F>();
  const windows = load<usize>(job, LOCAL_WINDOWS) + 3 * channel * plane + first;
  const offset = <usize>(partFrom - (x0 - rx)) * sizeof<F>();
  for (let q: usize = 0; q < <usize>COEFFICIENTS; q++) {
    memory.copy(inputRow(q) + offset, windows + q * plane, <usize>(partEnd - partFrom) * sizeof<F>());
  }
}

/** a f - b m + c, summed over the windows, of a row of samples; 0 where one does not count. */
function storeSlopes<F>(job: usize, y: i32, z: i32): void {
  const shiftF = splat<F>(shiftOf<F>(job, 0));
  const shiftM = splat<F>(shiftOf<F>(job, 1));
  const row = sampleAt(job, x0, y, z);
  const fixed = planeOf<F>(job, LOCAL_FIXED) + row * sizeof<F>();
  const moving = planeOf<F>(job, LOCAL_MOVING) + row * sizeof<F>();
  const valid = load<usize>(job, LOCAL_VALID) + row;
  const a0 = outputRow(0);
  const b0 = outputRow(1);
  const c0 = outputRow(2);
  const n = <usize>(x1 - x0);
  for (let at: usize = 0; at < n * sizeof<F>(); at += 16) {
    const f = sub<F>(v128.load(fixed + at), shiftF);
    const m = sub<F>(v128.load(moving + at), shiftM);
    const difference = sub<F>(mul<F>(f, v128.load(a0 + at)), mul<F>(m, v128.load(b0 + at)));
    v128.store(a0 + at, add<F>(difference, v128.load(c0 + at)));
  }
  for (let k: usize = 0; k < n; k += <usize>lanes<F>()) {
    const at = a0 + k * sizeof<F>();
    v128.store(at, v128.and(v128.load(at), validMask<F>(valid + k)));
  }
  memory.copy(planeOf<F>(job, LOCAL_SLOPES) + row * sizeof<F>(), a0, n * sizeof<F>());
}

/** Windows of a list of points, sample after sample, the middle one the point: figures and slopes at once. */
export function correlateLists(job: usize, _scratch: usize, most: i32): void {
  do {
    const task = takeTile(job);
    if (task < 0) return;
    const count = load<i32>(job, LOCAL_COUNT);
    const size = load<i32>(job, LOCAL_TILE);
    const parts = (count + size - 1) / size;
    channel = <usize>(task / parts);
    voxels = load<usize>(job, LOCAL_COUNT) * load<usize>(job, LOCAL_WIDTH);
    const first = (task % parts) * size;
    let sum: f64 = 0;
    for (let window = first; window < min(first + size, count); window++) sum += judgeList(job, <usize>window);
    store<f64>(load<usize>(job, LOCAL_SUMS) + (<usize>task << 3), sum);
  } while (--most != 0);
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
