import {
  FOLD_CLAMP, FOLD_FILL, FOLD_MIRROR, FOLD_PERIODIC, FOLD_REFLECT, JOB_EXTENT, JOB_FOLD,
  JOB_INTERPOLATOR, JOB_LIMIT, JOB_SHIFT, JOB_WRAP, LIMIT_CELLS, LIMIT_SAMPLES,
  NEAREST_EVEN,
} from '../src/job-layout';
import { OUTSIDE, POSITION, POSITION_AXIS } from './scratch';

/** Positions from here on are brought near the samples first: the split of split.ts holds 20 bits. */
const FAR: f64 = 500000;

/** Are all n positions within [0, extent - 1] on every axis? NaN is not. */
export function areAllWithin(job: usize, scratch: usize, n: i32): bool {
  let within = i64x2.splat(-1);
  for (let axis: usize = 0; axis < 3; axis++) {
    const shift = load<f64>(job + axis * 8, JOB_SHIFT);
    const low = f64x2.splat(shift);
    const high = f64x2.splat(load<f64>(job + axis * 8, JOB_EXTENT) - 1 + shift);
    const row = scratch + POSITION + axis * POSITION_AXIS;
    // The slot past an odd n repeats the last position.
    if (n & 1) store<f64>(row + ((<usize>n) << 3), load<f64>(row + ((<usize>(n - 1)) << 3)));
    for (let p = row; p < row + ((<usize>n) << 3); p += 16) {
      const x = v128.load(p);
      within = v128.and(within, v128.and(f64x2.ge(x, low), f64x2.le(x, high)));
    }
  }
  return i64x2.all_true(within);
}

/**
 * Marks what is outside, and moves what is not to where its taps are sought, all in float64: as the boundary
 * asks, and near enough to the samples for the split. Answers how many are outside. NaN is outside.
 */
export function settle(job: usize, scratch: usize, n: i32): i32 {
  let marked = 0;
  for (let i = 0; i < n; i++) {
    let outside = false;
    for (let axis: usize = 0; axis < 3; axis++) {
      const p = scratch + POSITION + axis * POSITION_AXIS + ((<usize>i) << 3);
      const x = place(job, load<f64>(p), axis);
      if (x == x) store<f64>(p, x);
      else outside = true;
    }
    store<u8>(scratch + OUTSIDE + <usize>i, outside ? 1 : 0);
    if (!outside) continue;
    marked++;
    for (let axis: usize = 0; axis < 3; axis++) {
      store<f64>(scratch + POSITION + axis * POSITION_AXIS + ((<usize>i) << 3), 0);
    }
  }
  return marked;
}

/** Remainder that is never negative; exact. */
@inline
function modulo(x: f64, period: f64): f64 {
  const rest = x % period;
  return rest < 0 ? rest + period : rest;
}

/** Where along an axis the taps of position x are sought; NaN for nowhere, as for every position that is not finite. */
function place(job: usize, x: f64, axis: usize): f64 {
  const n = load<f64>(job + axis * 8, JOB_EXTENT);
  const shift = load<f64>(job + axis * 8, JOB_SHIFT);
  const at = x - shift;
  if (at >= 0 && at <= n - 1) return x;
  const limit = load<i32>(job, JOB_LIMIT);
  if (limit == LIMIT_SAMPLES || !isFinite(at)) return NaN;
  if (limit == LIMIT_CELLS && !(at >= -0.5 && at < n - 0.5)) return NaN;
  if (load<i32>(job, JOB_WRAP)) return n == 1 ? 0 : wrap(at, n);
  const fold = load<i32>(job, JOB_FOLD);
  if (load<i32>(job, JOB_INTERPOLATOR) <= NEAREST_EVEN) return foldPosition(at, n, fold) + shift;
  return Math.abs(at) < FAR ? x : approach(at, n, fold) + shift;
}

/** SciPy's wrap: whole periods of n - 1 are taken off until 0 <= x <= n - 1; -(n - 1) comes to n - 1. */
function wrap(x: f64, n: f64): f64 {
  const rest = modulo(x, n - 1);
  return x < 0 && rest == 0 ? n - 1 : rest;
}

/** The position whose nearest sample is that of x: folded before it is rounded, so that ties fall as in SciPy. */
function foldPosition(x: f64, n: f64, fold: i32): f64 {
  if (fold == FOLD_MIRROR) {
    if (n == 1) return 0;
    const period = 2 * n - 2;
    const rest = modulo(Math.abs(x), period);
    // SciPy leaves what is in (n - 1, n), so that a tie rounds up before it folds.
    return (x < 0 ? rest <= n - 1 : rest < n) ? rest : period - rest;
  }
  if (fold == FOLD_REFLECT) {
    const rest = modulo(x + 0.5, 2 * n) - 0.5;
    return rest <= n - 0.5 ? rest : 2 * n - 1 - rest;
  }
  return fold == FOLD_PERIODIC ? modulo(x, n) : nearEdge(x, n);
}

/**
 * A position near the samples in a cell of the same values in the same order: whole periods off, but not among
 * the samples themselves, whose last cell is closed; or past the reach of any kernel.
 */
function approach(x: f64, n: f64, fold: i32): f64 {
  if (fold == FOLD_CLAMP || fold == FOLD_FILL) return nearEdge(x, n);
  const period = fold == FOLD_PERIODIC ? n : fold == FOLD_MIRROR ? 2 * n - 2 : 2 * n;
  return period == 0 ? 0 : modulo(x, period) + period;
}

@inline
function nearEdge(x: f64, n: f64): f64 {
  return Math.min(Math.max(x, -64), n + 64);
}
