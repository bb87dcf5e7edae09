import { LOCAL_RADIUS, LOCAL_SIZE } from '../../src/metric/local-layout';

// What one window says, computed sample by sample: for windows of points, and for those whose running sums cannot tell a
// constant image from rounding.

/** What interpolating equal values leaves of their differences, relative to them. */
const ROUNDING: f64 = 1e-14;

/** Sums of squared deviations and of products; means less the shifts; is either image constant? */
export let squaresF: f64 = 0;
export let squaresM: f64 = 0;
export let products: f64 = 0;
export let meanF: f64 = 0;
export let meanM: f64 = 0;
export let isFlat: bool = false;

let count: f64 = 0;
let sumF: f64 = 0;
let sumM: f64 = 0;
let firstF: f64 = 0;
let firstM: f64 = 0;
let largestF: f64 = 0;
let largestM: f64 = 0;

export function openWindow(): void {
  count = 0;
  sumF = 0;
  sumM = 0;
  largestF = 0;
  largestM = 0;
  squaresF = 0;
  squaresM = 0;
  products = 0;
}

/** Values of so many samples that follow each other; the first of the window is taken off, for the sums' digits. */
export function addValues<F>(fixed: usize, moving: usize, valid: usize, n: i32): void {
  for (let k: usize = 0; k < <usize>n; k++) {
    if (load<u8>(valid + k) == 0) continue;
    const f = <f64>load<F>(fixed + k * sizeof<F>());
    const m = <f64>load<F>(moving + k * sizeof<F>());
    if (count == 0) {
      firstF = f;
      firstM = m;
    }
    count += 1;
    sumF += f - firstF;
    sumM += m - firstM;
    largestF = Math.max(largestF, Math.abs(f));
    largestM = Math.max(largestM, Math.abs(m));
  }
}

/** Once all values are in. */
export function closeValues(): void {
  sumF /= count;
  sumM /= count;
}

/** The same samples again, for their deviations from the means. */
export function addDeviations<F>(fixed: usize, moving: usize, valid: usize, n: i32): void {
  for (let k: usize = 0; k < <usize>n; k++) {
    if (load<u8>(valid + k) == 0) continue;
    const f = <f64>load<F>(fixed + k * sizeof<F>()) - firstF - sumF;
    const m = <f64>load<F>(moving + k * sizeof<F>()) - firstM - sumM;
    squaresF += f * f;
    squaresM += m * m;
    products += f * m;
  }
}

/** Once all deviations are in. */
export function closeWindow(shiftF: f64, shiftM: f64): void {
  meanF = firstF + sumF - shiftF;
  meanM = firstM + sumM - shiftM;
  const leastF = ROUNDING * largestF;
  const leastM = ROUNDING * largestM;
  isFlat = squaresF <= count * leastF * leastF || squaresM <= count * leastM * leastM;
}

/** First and one past the last voxel of the window about x along an axis. */
@inline
function windowFrom(job: usize, axis: usize, x: i32): i32 {
  return max(0, x - load<i32>(job + (axis << 2), LOCAL_RADIUS));
}
@inline
function windowEnd(job: usize, axis: usize, x: i32): i32 {
  return min(load<i32>(job + (axis << 2), LOCAL_SIZE), x + load<i32>(job + (axis << 2), LOCAL_RADIUS) + 1);
}

/** The window about voxel x y z of a grid, from the planes of its channel. */
export function examine<F>(
  job: usize, fixed: usize, moving: usize, valid: usize, x: i32, y: i32, z: i32, shiftF: f64, shiftM: f64,
): void {
  openWindow();
  const from = windowFrom(job, 0, x);
  const n = windowEnd(job, 0, x) - from;
  const width = load<i32>(job, LOCAL_SIZE);
  const height = load<i32>(job, LOCAL_SIZE + 4);
  for (let pass = 0; pass < 2; pass++) {
    for (let k = windowFrom(job, 2, z); k < windowEnd(job, 2, z); k++) {
      for (let j = windowFrom(job, 1, y); j < windowEnd(job, 1, y); j++) {
        const at = <usize>(from + width * (j + height * k));
        if (pass == 0) addValues<F>(fixed + at * sizeof<F>(), moving + at * sizeof<F>(), valid + at, n);
        else addDeviations<F>(fixed + at * sizeof<F>(), moving + at * sizeof<F>(), valid + at, n);
      }
    }
    if (pass == 0) closeValues();
  }
  closeWindow(shiftF, shiftM);
}

/** Are all values of the window about x y z in a plane the same, to the bit? */
export function isUniform<F>(job: usize, plane: usize, x: i32, y: i32, z: i32): bool {
  const from = windowFrom(job, 0, x);
  const n = <usize>(windowEnd(job, 0, x) - from) * sizeof<F>();
  const width = load<i32>(job, LOCAL_SIZE);
  const height = load<i32>(job, LOCAL_SIZE + 4);
  const value = load<F>(plane + <usize>(x + width * (y + height * z)) * sizeof<F>());
  for (let k = windowFrom(job, 2, z); k < windowEnd(job, 2, z); k++) {
    for (let j = windowFrom(job, 1, y); j < windowEnd(job, 1, y); j++) {
      const start = plane + <usize>(from + width * (j + height * k)) * sizeof<F>();
      for (let at = start; at < start + n; at += sizeof<F>()) if (load<F>(at) != value) return false;
    }
  }
  return true;
}
