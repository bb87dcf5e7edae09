import {
  FILTER_AXIS, FILTER_BUNDLES, FILTER_CHANNELS, FILTER_DATA, FILTER_FOLD, FILTER_FOLD_END, FILTER_GROUP, FILTER_LINES, FILTER_ODD,
  FILTER_ORDER, FILTER_SIZE, FILTER_WIDE,
} from '../src/job-layout';
import { areLinesFinite, filterLines, prepareStarts, STEP } from './filter-lines';
import { STAGE, TABLE } from './scratch';
import { takeTile } from './take-tile';

/** Weights of samples that do not count: below the last bit of a sum in float64, or of one that is rounded to float32. */
const LEAST_WIDE: f64 = 1e-20;
const LEAST: f64 = 1e-12;

/**
 * Turns lines of samples into B-spline coefficients, in place, along one axis: a causal and an anticausal
 * recursion per pole, in float64 whatever the type of the volume.
 *
 * A bundle of 16 lines, a cache line of float32, is filtered two lines to a vector. Limited along x by transposing it, along y
 * and z by memory: each sample is read and written once per axis.
 */
export function filter(job: usize, scratch: usize, most: i32): void {
  const n = load<i32>(job + (load<usize>(job, FILTER_AXIS) << 2), FILTER_SIZE);
  const isWide = load<i32>(job, FILTER_WIDE) != 0;
  const least = isWide ? LEAST_WIDE : LEAST;
  prepareStarts(scratch + TABLE, n, load<i32>(job, FILTER_ORDER), load<i32>(job, FILTER_FOLD), least);
  do {
    const tile = takeTile(job);
    if (tile < 0) return;
    // The coefficients of one sample, extended to a constant, are that sample.
    if (n == 1) continue;
    const group = load<i32>(job, FILTER_GROUP);
    const end = min((tile + 1) * group, load<i32>(job, FILTER_BUNDLES));
    for (let bundle = tile * group; bundle < end; bundle++) {
      if (isWide) filterBundle<f64>(job, scratch, bundle, n);
      else filterBundle<f32>(job, scratch, bundle, n);
    }
  } while (--most != 0);
}

function filterBundle<F>(job: usize, scratch: usize, bundle: i32, n: i32): void {
  const width = load<i32>(job, FILTER_SIZE);
  const height = load<i32>(job, FILTER_SIZE + 4);
  const depth = load<i32>(job, FILTER_SIZE + 8);
  const axis = load<i32>(job, FILTER_AXIS);
  const data = load<usize>(job, FILTER_DATA);
  if (axis == 0) {
    const rows = height * depth * load<i32>(job, FILTER_CHANNELS);
    const first = data + <usize>bundle * FILTER_LINES * <usize>width * sizeof<F>();
    return filterRows<F>(job, scratch, first, n, min(<i32>FILTER_LINES, rows - bundle * <i32>FILTER_LINES));
  }
  const across = (width + <i32>FILTER_LINES - 1) / <i32>FILTER_LINES;
  const column = (bundle % across) * <i32>FILTER_LINES;
  const line = <usize>(bundle / across);
  const plane = <usize>width * <usize>height;
  const start = axis == 1 ? line * plane : (line / height) * plane * <usize>depth + (line % height) * width;
  const step = (axis == 1 ? <usize>width : plane) * sizeof<F>();
  filterColumns<F>(job, scratch, data + (start + column) * sizeof<F>(), step, n, min(<i32>FILTER_LINES, width - column));
}

/** m rows of n samples. */
function filterRows<F>(job: usize, scratch: usize, first: usize, n: i32, m: i32): void {
  const lines = scratch + STAGE;
  const from = transposedRows<F>(lines);
  const apart = <usize>n * sizeof<F>();
  for (let l = 0; l < <i32>FILTER_LINES; l += 4) {
    // Lines past the last repeat it.
    const a = first + <usize>min(l, m - 1) * apart;
    const b = first + <usize>min(l + 1, m - 1) * apart;
    const c = first + <usize>min(l + 2, m - 1) * apart;
    const d = first + <usize>min(l + 3, m - 1) * apart;
    gatherFour<F>(a, b, c, d, from + <usize>l * sizeof<F>(), n);
  }
  filterTo<F, f64>(job, scratch, from, STEP, lines, STEP, n);
  for (let l = 0; l < m; l++) {
    const line = first + <usize>l * apart;
    if (sizeof<F>() == 4 && l + 4 <= m) {
      scatterFour(lines + (<usize>l << 3), n, line, apart);
      l += 3;
    } else for (let i: usize = 0; i < <usize>n; i++) store<F>(line + i * sizeof<F>(), <F>load<f64>(lines + i * STEP + (<usize>l << 3)));
  }
}

/** Where rows of a bundle in F lie so that each is read before it is overwritten by its own in float64. */
@inline
function transposedRows<F>(lines: usize): usize {
  return lines + STEP - FILTER_LINES * sizeof<F>();
}

/** m columns of n samples, `step` bytes apart. */
function filterColumns<F>(job: usize, scratch: usize, first: usize, step: usize, n: i32, m: i32): void {
  if (m == <i32>FILTER_LINES) return filterTo<F, F>(job, scratch, first, step, first, step, n);
  const lines = scratch + STAGE;
  const from = transposedRows<F>(lines);
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = first + i * step;
    for (let l: usize = 0; l < <usize>FILTER_LINES; l++) {
      store<F>(from + i * STEP + l * sizeof<F>(), load<F>(row + <usize>min(l, m - 1) * sizeof<F>()));
    }
  }
  filterTo<F, f64>(job, scratch, from, STEP, lines, STEP, n);
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = first + i * step;
    for (let l: usize = 0; l < <usize>m; l++) store<F>(row + l * sizeof<F>(), <F>load<f64>(lines + i * STEP + (l << 3)));
  }
}

@inline
function filterTo<F, G>(job: usize, scratch: usize, from: usize, step: usize, to: usize, toStep: usize, n: i32): void {
  filterLines<F, G>(
    from, step, to, toStep, scratch + STAGE, n, load<i32>(job, FILTER_ORDER), load<i32>(job, FILTER_FOLD),
    load<i32>(job, FILTER_FOLD_END), scratch + TABLE);
  if (!areLinesFinite(scratch + STAGE)) store<i32>(job, 1, FILTER_ODD);
}

/** Transposes four lines of n samples into rows of a bundle. */
function gatherFour<F>(a: usize, b: usize, c: usize, d: usize, into: usize, n: i32): void {
  let i = 0;
  for (; sizeof<F>() == 4 && i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    transpose(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at), into + <usize>i * STEP, STEP);
  }
  for (; i < n; i++) {
    const at = <usize>i * sizeof<F>();
    const row = into + <usize>i * STEP;
    store<F>(row, load<F>(a + at));
    store<F>(row, load<F>(b + at), sizeof<F>());
    store<F>(row, load<F>(c + at), 2 * sizeof<F>());
    store<F>(row, load<F>(d + at), 3 * sizeof<F>());
  }
}

/** Transposes rows of a bundle in float64 into four lines of n samples of float32, `apart` bytes from each other. */
function scatterFour(rows: usize, n: i32, line: usize, apart: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const row = rows + <usize>i * STEP;
    transpose(fourOf(row), fourOf(row + STEP), fourOf(row + 2 * STEP), fourOf(row + 3 * STEP), line + (<usize>i << 2), apart);
  }
  for (; i < n; i++) {
    for (let l: usize = 0; l < 4; l++) store<f32>(line + l * apart + (<usize>i << 2), <f32>load<f64>(rows + <usize>i * STEP + (l << 3)));
  }
}

@inline
function fourOf(row: usize): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(v128.load(row)), f32x4.demote_f64x2_zero(v128.load(row, 16)), 0, 2);
}

@inline
function transpose(a: v128, b: v128, c: v128, d: v128, into: usize, apart: usize): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(into, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(into + apart, v128.shuffle<f64>(ab, cd, 1, 3));
  v128.store(into + 2 * apart, v128.shuffle<f64>(ab2, cd2, 0, 2));
  v128.store(into + 3 * apart, v128.shuffle<f64>(ab2, cd2, 1, 3));
}
