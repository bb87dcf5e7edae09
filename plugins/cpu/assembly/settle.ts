import {
  FOLD_CLAMP, FOLD_FILL, FOLD_MIRROR, FOLD_PERIODIC, FOLD_REFLECT, JOB_EXTENT, JOB_FOLD,
  JOB_INTERPOLATOR, JOB_LIMIT, JOB_SHIFT, JOB_WRAP, LIMIT_CELLS, LIMIT_SAMPLES,
  NEAREST_EVEN,
} from '../src/job-layout';
import { POSITION, POSITION_AXIS } from './scratch';
import { FAR } from './split';

/**
 * Settles, in float64, what the boundary decides about positions rather than samples: which are outside (a bit each),
 * and where the taps of others are sought. A position that is not finite is outside.
 */
export function settle(job: usize, scratch: usize, n: i32): u64 {
  const limit = load<i32>(job, JOB_LIMIT);
  if (areAllWithin(job, scratch, n)) return 0;
  const strangers = beyond(job, scratch, n, 0, -1, false);
  if (strangers == 0 || limit == LIMIT_SAMPLES) return strangers;
  if (limit == LIMIT_CELLS) {
    const outside = beyond(job, scratch, n, -0.5, -0.5, true);
    if (load<i32>(job, JOB_INTERPOLATOR) <= NEAREST_EVEN) placeEach(job, scratch, strangers & ~outside);
    return outside;
  }
  const folds = load<i32>(job, JOB_WRAP) != 0 || load<i32>(job, JOB_INTERPOLATOR) <= NEAREST_EVEN;
  return placeEach(job, scratch, folds ? strangers : beyond(job, scratch, n, -FAR, FAR, true));
}

/** Are all positions, and what pads them to a pair, among the samples? The common case, so tried first. */
@inline
function areAllWithin(job: usize, scratch: usize, n: i32): bool {
  let within = i64x2.splat(-1);
  for (let axis: usize = 0; axis < 3; axis++) {
    const shift = load<f64>(job + axis * 8, JOB_SHIFT);
    const least = f64x2.splat(shift);
    const most = f64x2.splat(load<f64>(job + axis * 8, JOB_EXTENT) - 1 + shift);
    const row = scratch + POSITION + axis * POSITION_AXIS;
    for (let k = 0; k < n; k += 2) {
      const x = v128.load(row + ((<usize>k) << 3));
      within = v128.and(within, v128.and(f64x2.ge(x, least), f64x2.le(x, most)));
    }
  }
  return i64x2.all_true(within);
}

/** Bits of the positions not in [low, extent + high], or with `open` not in [low, extent + high); NaN is not. */
function beyond(job: usize, scratch: usize, n: i32, low: f64, high: f64, open: bool): u64 {
  let bits: u64 = 0;
  for (let axis: usize = 0; axis < 3; axis++) {
    const shift = load<f64>(job + axis * 8, JOB_SHIFT);
    const least = f64x2.splat(low + shift);
    const most = f64x2.splat(load<f64>(job + axis * 8, JOB_EXTENT) + high + shift);
    const row = scratch + POSITION + axis * POSITION_AXIS;
    for (let k = 0; k < n; k += 2) {
      const x = v128.load(row + ((<usize>k) << 3));
      const below = open ? f64x2.lt(x, most) : f64x2.le(x, most);
      const out = v128.not(v128.and(f64x2.ge(x, least), below));
      bits |= (<u64>(<u32>i64x2.bitmask(out))) << k;
    }
  }
  return n == 64 ? bits : bits & ((<u64>1 << n) - 1);
}

/** Moves the positions of the given bits; answers the bits of those that have no place. */
function placeEach(job: usize, scratch: usize, bits: u64): u64 {
  let outside: u64 = 0;
  for (; bits != 0; bits &= bits - 1) {
    const i = <usize>ctz(bits);
    for (let axis: usize = 0; axis < 3; axis++) {
      const p = scratch + POSITION + axis * POSITION_AXIS + (i << 3);
      const x = place(job, load<f64>(p), axis);
      store<f64>(p, x);
      if (x != x) outside |= <u64>1 << i;
    }
  }
  return outside;
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
  if (!isFinite(at)) return NaN;
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
