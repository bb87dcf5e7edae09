import {
  FILTER_AXIS, FILTER_CHANNELS, FILTER_DATA, FILTER_FOLD, FILTER_FOLD_END, FILTER_LINES, FILTER_ORDER, FILTER_SIZE,
  FILTER_WIDE, FOLD_MIRROR, FOLD_REFLECT, JOB_ABORT, JOB_NEXT, JOB_TILE_COUNT,
} from '../src/job-layout';
import { pole, poleCount } from './poles';
import { STAGE, TABLE_BYTES } from './scratch';

/** Bytes of one sample of all lines of a bundle, in float64. */
const STEP: usize = FILTER_LINES * 8;

/**
 * Turns lines of samples into B-spline coefficients, in place, along one axis: a causal and an anticausal
 * recursion per pole, in float64 whatever the type of the volume.
 *
 * A bundle of 16 lines is copied to the cache and filtered two lines to a vector. Limited along x by the copy, which
 * transposes, along y and z by memory: each sample is read and written once per axis.
 */
export function filter(job: usize, scratch: usize): void {
  const count = load<i32>(job, JOB_TILE_COUNT);
  while (!atomic.load<i32>(job, JOB_ABORT)) {
    const bundle = atomic.add<i32>(job, 1, JOB_NEXT);
    if (bundle >= count) return;
    if (load<i32>(job, FILTER_WIDE)) filterBundle<f64>(job, scratch + STAGE, bundle);
    else filterBundle<f32>(job, scratch + STAGE, bundle);
  }
}

function filterBundle<F>(job: usize, lines: usize, bundle: i32): void {
  const width = load<i32>(job, FILTER_SIZE);
  const height = load<i32>(job, FILTER_SIZE + 4);
  const depth = load<i32>(job, FILTER_SIZE + 8);
  const axis = load<i32>(job, FILTER_AXIS);
  const data = load<usize>(job, FILTER_DATA);
  let start: usize;
  let step: usize;
  let apart: usize;
  let m: i32;
  if (axis == 0) {
    const rows = height * depth * load<i32>(job, FILTER_CHANNELS);
    start = <usize>bundle * FILTER_LINES * <usize>width;
    step = 1;
    apart = width;
    m = min(<i32>FILTER_LINES, rows - bundle * <i32>FILTER_LINES);
  } else {
    const across = (width + <i32>FILTER_LINES - 1) / <i32>FILTER_LINES;
    const column = (bundle % across) * <i32>FILTER_LINES;
    const line = <usize>(bundle / across);
    const plane = <usize>width * <usize>height;
    const volume = plane * <usize>depth;
    start = axis == 1 ? line * plane : (line / height) * volume + (line % height) * width;
    start += column;
    step = axis == 1 ? <usize>width : plane;
    apart = 1;
    m = min(<i32>FILTER_LINES, width - column);
  }
  const n = load<i32>(job + ((<usize>axis) << 2), FILTER_SIZE);
  const first = data + start * sizeof<F>();
  gather<F>(first, step * sizeof<F>(), apart * sizeof<F>(), lines, n, m);
  filterLines(lines, n, load<i32>(job, FILTER_ORDER), load<i32>(job, FILTER_FOLD), load<i32>(job, FILTER_FOLD_END));
  scatter<F>(first, step * sizeof<F>(), apart * sizeof<F>(), lines, n, m);
}

function gather<F>(first: usize, step: usize, apart: usize, lines: usize, n: i32, m: i32): void {
  if (m < <i32>FILTER_LINES) memory.fill(lines, 0, <usize>n * STEP);
  if (apart != sizeof<F>()) {
    for (let l: usize = 0; l < <usize>m; l++) {
      const line = first + l * apart;
      for (let i: usize = 0; i < <usize>n; i++) store<f64>(lines + i * STEP + (l << 3), <f64>load<F>(line + i * step));
    }
    return;
  }
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = first + i * step;
    const into = lines + i * STEP;
    for (let l: usize = 0; l < <usize>m; l++) store<f64>(into + (l << 3), <f64>load<F>(row + l * sizeof<F>()));
  }
}

function scatter<F>(first: usize, step: usize, apart: usize, lines: usize, n: i32, m: i32): void {
  if (apart != sizeof<F>()) {
    for (let l: usize = 0; l < <usize>m; l++) {
      const line = first + l * apart;
      for (let i: usize = 0; i < <usize>n; i++) store<F>(line + i * step, <F>load<f64>(lines + i * STEP + (l << 3)));
    }
    return;
  }
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = first + i * step;
    const from = lines + i * STEP;
    for (let l: usize = 0; l < <usize>m; l++) store<F>(row + l * sizeof<F>(), <F>load<f64>(from + (l << 3)));
  }
}

function filterLines(lines: usize, n: i32, order: i32, fold: i32, foldEnd: i32): void {
  if (n == 1) return; // the coefficients of one sample, extended to a constant, are that sample
  const last = lines + <usize>(n - 1) * STEP;
  for (let p = 0; p < poleCount(order); p++) {
    const z = pole(order, p);
    const gain = f64x2.splat((1 - z) * (1 - 1 / z));
    for (let at = lines; at < last + STEP; at += 16) v128.store(at, f64x2.mul(v128.load(at), gain));
    const zz = f64x2.splat(z);
    const terms = weighStart(lines - TABLE_BYTES, n, z, fold);
    for (let l: usize = 0; l < STEP; l += 16) startCausal(lines + l, lines - TABLE_BYTES, terms, n, fold);
    for (let at = lines + STEP; at < last + STEP; at += 16) {
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(zz, v128.load(at - STEP))));
    }
    for (let l: usize = 0; l < STEP; l += 16) startAnticausal(lines + l, n, z, foldEnd);
    for (let at = last; at > lines;) {
      at -= 16;
      v128.store(at, f64x2.mul(zz, f64x2.sub(v128.load(at + STEP), v128.load(at))));
    }
  }
}

/** Terms of a geometric series in z that count: z^k is below 1e-20 after them. */
@inline
function horizon(n: i32, z: f64): i32 {
  return min(n, <i32>(Math.log(1e-20) / Math.log(Math.abs(z))) + 1);
}

// What starts the causal recursion is Σ over the samples before the first, as the line is extended, each times z to its
// distance: exact for any length. Its weights are those of all lines.

/** The factor of the sum and the weight of the last sample, before the others. */
const FACTOR: usize = 0;
const LAST: usize = 8;
const WEIGHTS: usize = 16;

/** Weights from the first sample on that the fold counts; answers their number. */
function weighStart(into: usize, n: i32, z: f64, fold: i32): i32 {
  const count = horizon(n, z);
  const first = fold == FOLD_REFLECT ? 0 : 1;
  const terms = max(0, (fold == FOLD_MIRROR ? min(count, n - 1) : count) - first);
  const isFolded = fold == FOLD_MIRROR || fold == FOLD_REFLECT;
  const period = fold == FOLD_MIRROR ? 2 * n - 2 : fold == FOLD_REFLECT ? 2 * n : n;
  const whole = 1 / (1 - Math.pow(z, <f64>period));
  store<f64>(into, fold == FOLD_REFLECT ? z * whole : whole, FACTOR);
  store<f64>(into, fold == FOLD_MIRROR ? Math.pow(z, <f64>(n - 1)) : 0, LAST);
  // The way round the far end, from the shortest.
  let far = isFolded ? Math.pow(z, <f64>(period - first - terms + (fold == FOLD_MIRROR ? 1 : 0))) : 0;
  for (let k = terms - 1; k >= 0; k--) {
    store<f64>(into + ((<usize>k) << 3), far, WEIGHTS);
    far *= z;
  }
  let near: f64 = fold == FOLD_REFLECT ? 1 : z;
  for (let k: usize = 0; k < <usize>terms; k++) {
    store<f64>(into + (k << 3), load<f64>(into + (k << 3), WEIGHTS) + near, WEIGHTS);
    near *= z;
  }
  return terms;
}

function startCausal(line: usize, weights: usize, terms: i32, n: i32, fold: i32): void {
  const first = v128.load(line);
  const last = line + <usize>(n - 1) * STEP;
  let sum = f64x2.mul(v128.load_splat<u64>(weights, LAST), v128.load(last));
  // Periodic lines are summed from their end.
  let at = fold == FOLD_REFLECT ? line : fold == FOLD_MIRROR ? line + STEP : last;
  const next = fold == FOLD_MIRROR || fold == FOLD_REFLECT ? STEP : -STEP;
  for (const end = weights + ((<usize>terms) << 3); weights < end; weights += 8) {
    sum = f64x2.add(sum, f64x2.mul(v128.load_splat<u64>(weights, WEIGHTS), v128.load(at)));
    at += next;
  }
  const factor = v128.load_splat<u64>(weights - ((<usize>terms) << 3), FACTOR);
  if (fold == FOLD_REFLECT) v128.store(line, f64x2.add(first, f64x2.mul(sum, factor)));
  else v128.store(line, f64x2.mul(f64x2.add(first, sum), factor));
}

/** The last coefficient, from the symmetry or the period of the coefficients beyond. */
function startAnticausal(line: usize, n: i32, z: f64, fold: i32): void {
  const at = line + <usize>(n - 1) * STEP;
  const last = v128.load(at);
  if (fold == FOLD_MIRROR) {
    const sum = f64x2.add(last, f64x2.mul(f64x2.splat(z), v128.load(at - STEP)));
    v128.store(at, f64x2.mul(sum, f64x2.splat(z / (z * z - 1))));
    return;
  }
  if (fold == FOLD_REFLECT) {
    v128.store(at, f64x2.mul(last, f64x2.splat(z / (z - 1))));
    return;
  }
  let sum = last;
  let power = z;
  const count = horizon(n, z);
  for (let k = 0; k < count - 1; k++) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.splat(power), v128.load(line + <usize>k * STEP)));
    power *= z;
  }
  v128.store(at, f64x2.mul(sum, f64x2.splat(-z / (1 - Math.pow(z, <f64>n)))));
}
