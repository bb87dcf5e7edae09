import { FILTER_LINES, FOLD_MIRROR, FOLD_REFLECT } from '../src/job-layout';
import { pole, poleCount } from './poles';

/** Bytes of one sample of all lines of a bundle, in float64. */
export const STEP: usize = FILTER_LINES * 8;

// What starts the causal recursion is Σ over the samples before the first, as the line is extended, each times z to its
// distance: exact for any length. Its weights are those of all lines of an axis. Of each pole, at POLE_BYTES from the other:

const POLE_BYTES: usize = 4096;
const POLE: usize = 0;
/** The factor of the sum and the weight of the last sample, before the others. */
const FACTOR: usize = 8;
const LAST: usize = 16;
/** Of a periodic line's end. */
const END_FACTOR: usize = 24;
/** Terms of a geometric series in the pole that count, and number of weights. */
const HORIZON: usize = 32;
const TERMS: usize = 36;
const WEIGHTS: usize = 40;

/** Computes what lines of n samples of an order share; `least` is the weight below which samples do not count. */
export function prepareStarts(table: usize, n: i32, order: i32, fold: i32, least: f64): void {
  for (let p = 0; p < poleCount(order); p++) weighStart(table + <usize>p * POLE_BYTES, n, pole(order, p), fold, least);
}

/** Weights from the first sample on that the fold counts. */
function weighStart(into: usize, n: i32, z: f64, fold: i32, least: f64): void {
  const count = min(n, <i32>(Math.log(least) / Math.log(Math.abs(z))) + 1);
  const first = fold == FOLD_REFLECT ? 0 : 1;
  const terms = max(0, (fold == FOLD_MIRROR ? min(count, n - 1) : count) - first);
  const isFolded = fold == FOLD_MIRROR || fold == FOLD_REFLECT;
  const period = fold == FOLD_MIRROR ? 2 * n - 2 : fold == FOLD_REFLECT ? 2 * n : n;
  const whole = 1 / (1 - Math.pow(z, <f64>period));
  store<f64>(into, z, POLE);
  store<f64>(into, fold == FOLD_REFLECT ? z * whole : whole, FACTOR);
  store<f64>(into, fold == FOLD_MIRROR ? Math.pow(z, <f64>(n - 1)) : 0, LAST);
  store<f64>(into, -z / (1 - Math.pow(z, <f64>n)), END_FACTOR);
  store<i32>(into, count, HORIZON);
  store<i32>(into, terms, TERMS);
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
}

/**
 * Filters a bundle of lines of n > 1 samples: rows of type F at `from`, `step` bytes apart, to rows of type G at `to`, by way of `lines`,
 * rows of float64, where the result is left as well. Rows at `from` are read once, and first, for each pole's causal recursion.
 *
 * Limited by the number of instructions: 7 for each sample and pole, two samples to a vector.
 */
export function filterLines<F, G>(
  from: usize, step: usize, to: usize, toStep: usize, lines: usize, n: i32, order: i32, fold: i32, foldEnd: i32, table: usize,
): void {
  const poles = poleCount(order);
  for (let p = 0; p < poles; p++) {
    if (p == 0) causal<F>(from, step, lines, n, fold, table);
    else causal<f64>(lines, STEP, lines, n, fold, table);
    for (let l: usize = 0; l < STEP; l += 16) startAnticausal(lines + l, n, foldEnd, table);
    if (p + 1 < poles) anticausal<f64>(lines, n, table, lines, STEP);
    else anticausal<G>(lines, n, table, to, toStep);
    table += POLE_BYTES;
  }
}

/**
 * Are the filtered lines, rows at `lines`, finite? Their first coefficients tell: the recursions carry what is not finite forwards to
 * the end of its line, and from there back to the start.
 */
export function areLinesFinite(lines: usize): bool {
  const zero = f64x2.splat(0);
  let sum = zero;
  for (let l: usize = 0; l < STEP; l += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(lines + l), zero));
  return !v128.any_true(f64x2.ne(sum, sum));
}

/** c[i] = gain · s[i] + z c[i - 1] */
function causal<F>(from: usize, step: usize, lines: usize, n: i32, fold: i32, table: usize): void {
  const z = load<f64>(table, POLE);
  const zs = f64x2.splat(z);
  const gain = f64x2.splat((1 - z) * (1 - 1 / z));
  for (let l: usize = 0; l < <usize>FILTER_LINES; l += 2) startCausal<F>(from + l * sizeof<F>(), step, lines + (l << 3), gain, n, fold, table);
  let row = from;
  let at = lines;
  const end = lines + <usize>(n - 1) * STEP;
  do {
    row += step;
    addFour<F>(row, at, gain, zs);
    addFour<F>(row + 4 * sizeof<F>(), at + 32, gain, zs);
    addFour<F>(row + 8 * sizeof<F>(), at + 64, gain, zs);
    addFour<F>(row + 12 * sizeof<F>(), at + 96, gain, zs);
    at += STEP;
  } while (at < end);
}

/** Four lines' samples, added to what is at `at` and stored a row further. */
@inline
function addFour<F>(row: usize, at: usize, gain: v128, z: v128): void {
  let low = v128.load(row);
  let high: v128;
  if (sizeof<F>() == 8) high = v128.load(row, 16);
  else {
    high = f64x2.promote_low_f32x4(v128.shuffle<f64>(low, low, 1, 1));
    low = f64x2.promote_low_f32x4(low);
  }
  v128.store(at, f64x2.add(f64x2.mul(low, gain), f64x2.mul(z, v128.load(at))), STEP);
  v128.store(at, f64x2.add(f64x2.mul(high, gain), f64x2.mul(z, v128.load(at, 16))), STEP + 16);
}

/** The first coefficients of two lines. */
function startCausal<F>(line: usize, step: usize, into: usize, gain: v128, n: i32, fold: i32, table: usize): void {
  const first = pairAt<F>(line);
  const last = line + <usize>(n - 1) * step;
  let sum = f64x2.mul(v128.load_splat<u64>(table, LAST), pairAt<F>(last));
  // Periodic lines are summed from their end.
  let at = fold == FOLD_REFLECT ? line : fold == FOLD_MIRROR ? line + step : last;
  const next = fold == FOLD_MIRROR || fold == FOLD_REFLECT ? step : -step;
  let weight = table;
  for (const end = weight + (load<usize>(table, TERMS) << 3); weight < end; weight += 8) {
    sum = f64x2.add(sum, f64x2.mul(v128.load_splat<u64>(weight, WEIGHTS), pairAt<F>(at)));
    at += next;
  }
  const factor = v128.load_splat<u64>(table, FACTOR);
  const value = fold == FOLD_REFLECT ? f64x2.add(first, f64x2.mul(sum, factor)) : f64x2.mul(f64x2.add(first, sum), factor);
  v128.store(into, f64x2.mul(value, gain));
}

@inline
function pairAt<F>(at: usize): v128 {
  return sizeof<F>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
}

/** The last coefficients of two lines, from the symmetry or the period of the coefficients beyond. */
function startAnticausal(line: usize, n: i32, fold: i32, table: usize): void {
  const z = load<f64>(table, POLE);
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
  for (let k = 0; k < load<i32>(table, HORIZON) - 1; k++) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.splat(power), v128.load(line + <usize>k * STEP)));
    power *= z;
  }
  v128.store(at, f64x2.mul(sum, v128.load_splat<u64>(table, END_FACTOR)));
}

/** c[i] = z (c[i + 1] - c[i]), from the last but one on, to rows of type G at `to` too. */
function anticausal<G>(lines: usize, n: i32, table: usize, to: usize, toStep: usize): void {
  const z = f64x2.splat(load<f64>(table, POLE));
  let at = lines + <usize>(n - 1) * STEP;
  let row = to + <usize>(n - 1) * toStep;
  for (let l: usize = 0; l < <usize>FILTER_LINES; l += 4) {
    const last = at + (l << 3);
    storeFour<G>(v128.load(last), v128.load(last, 16), row + l * sizeof<G>());
  }
  do {
    at -= STEP;
    row -= toStep;
    subtractFour<G>(at, row, z);
    subtractFour<G>(at + 32, row + 4 * sizeof<G>(), z);
    subtractFour<G>(at + 64, row + 8 * sizeof<G>(), z);
    subtractFour<G>(at + 96, row + 12 * sizeof<G>(), z);
  } while (at > lines);
}

@inline
function subtractFour<G>(at: usize, row: usize, z: v128): void {
  const low = f64x2.mul(z, f64x2.sub(v128.load(at, STEP), v128.load(at)));
  const high = f64x2.mul(z, f64x2.sub(v128.load(at, STEP + 16), v128.load(at, 16)));
  v128.store(at, low);
  v128.store(at, high, 16);
  storeFour<G>(low, high, row);
}

@inline
function storeFour<G>(low: v128, high: v128, row: usize): void {
  if (sizeof<G>() == 8) {
    v128.store(row, low);
    v128.store(row, high, 16);
  } else v128.store(row, v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2));
}
