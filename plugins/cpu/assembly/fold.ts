import {
  FOLD_CLAMP, FOLD_FILL, FOLD_MIRROR, FOLD_REFLECT, JOB_FOLD, JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LIMIT, JOB_LOOKUP, JOB_SIZE, JOB_WRAP,
  LABEL_LINEAR, LIMIT_NONE, LINEAR,
} from '../src/job-layout';

/** Remainder that is never negative. */
@inline
function modulo(i: i32, period: i32): i32 {
  // A division takes longer than all the rest.
  if (<u32>i < <u32>period) return i;
  if (<u32>(i + period) < <u32>period) return i + period;
  const rest = i % period;
  return rest < 0 ? rest + period : rest;
}

/** The sample that stands at index i of an axis of n samples extended by `fold`; -1 for the fill value. */
function foldIndex(i: i32, n: i32, fold: i32): i32 {
  if (fold == FOLD_FILL) return -1;
  if (fold == FOLD_CLAMP) return i < 0 ? 0 : n - 1;
  if (fold == FOLD_REFLECT) {
    const rest = modulo(i, 2 * n);
    return rest < n ? rest : 2 * n - 1 - rest;
  }
  if (fold == FOLD_MIRROR) {
    if (n == 1) return 0;
    const rest = modulo(i, 2 * n - 2);
    return rest < n ? rest : 2 * n - 2 - rest;
  }
  return modulo(i, n);
}

/** Place in memory, along `axis`, of the sample at index i; -1 for the fill value. */
@inline
export function tapIndex(job: usize, axis: i32, i: i32): i32 {
  const word = (<usize>axis) << 2;
  const n = load<i32>(job + word, JOB_SIZE);
  if (<u32>i >= <u32>n) i = foldIndex(i, n, load<i32>(job, JOB_FOLD));
  const lookup = load<usize>(job + word, JOB_LOOKUP);
  return lookup == 0 || i < 0 ? i : load<i32>(lookup + ((<usize>i) << 2));
}

/**
 * Does the boundary repeat the sample at the edge, so that all cells beyond a kernel's reach are alike along an axis, and none
 * of them need be staged? Slopes of linear at the last sample are of another cell than its value.
 */
export function repeatsEdge(job: usize): bool {
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  if (load<i32>(job, JOB_FOLD) != FOLD_CLAMP || load<i32>(job, JOB_LIMIT) != LIMIT_NONE || load<i32>(job, JOB_WRAP) != 0) return false;
  if (interpolator == LINEAR) return load<i32>(job, JOB_GRADIENT) == 0;
  return interpolator > LINEAR && interpolator != LABEL_LINEAR;
}
