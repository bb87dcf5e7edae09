#pragma once

#include "pair-tiles.h"

// A thread's samples of the region of a tile, and the moments that are made of them.

/** Moments of the values that count, in the order in which they are summed; the number of them is seldom wanted. */
enum Moment { SUM_F, SUM_M, SUM_FF, SUM_MM, SUM_FM, SUM_ONE, MOMENT_COUNT };

DEVICE double moment_of(int moment, double f, double m, bool counts) {
  switch (moment) {
    case SUM_F: return f;
    case SUM_M: return m;
    case SUM_FF: return f * f;
    case SUM_MM: return m * m;
    case SUM_FM: return f * m;
    default: return counts;
  }
}

/** Values of a pair at a sample; what does not count is worth the shift. */
struct Both {
  float f;
  double m;
  bool counts;
};

DEVICE Both both_at(const PairValues &values, const PairWindows &all, const Line &line, int z) {
  const int64_t n = line.at(z);
  const float f = values.fixed_at(n);
  const double m = fused(values.moving_at(n), all.moving_scale, all.moving_offset);
  const bool counts = line.has(z) && ::counts(f) && is_finite(m);
  return {counts ? f : all.fixed_shift, counts ? m : 0, counts};
}

/** What is found of samples of which windows are made: whether some do not count, and bits in which values differ. */
struct Seen {
  bool is_missing;
  uint32_t f;
  uint64_t m;

  /** Where the one that others are compared with does not count, all differ. */
  DEVICE explicit Seen(const Both &reference) : is_missing(!reference.counts), f(is_missing), m(is_missing) {}

  DEVICE void visit(const Both &here, const Both &reference) {
    if (here.counts) compare(here.f, here.m, reference);
    else is_missing = true;
  }
  DEVICE void compare(float f_here, double m_here, const Both &reference) {
    f |= bits_of(f_here) ^ bits_of(reference.f);
    m |= (uint64_t)(bits_of(m_here) ^ bits_of(reference.m));
  }
};

/** A thread's samples of the region, for the windows of four slices. */
template <int R> struct Samples {
  static const int DEPTH = AT_A_TIME + 2 * R;
  float f[ROWS_OF_THREAD][DEPTH];
  double m[ROWS_OF_THREAD][DEPTH];
  uint32_t counting[ROWS_OF_THREAD];

  DEVICE Seen load(const PairValues &values, const PairWindows &all, const Line (&lines)[ROWS_OF_THREAD],
                   const Window<R> &, int z, const Both &reference) {
    Seen seen(reference);
#pragma unroll
    for (int k = 0; k < ROWS_OF_THREAD; k++) {
      counting[k] = ~0u;
      if (lines[k].has(z - R, DEPTH) && load_plain(values, all, lines[k], k, z - R, reference, seen)) continue;
      counting[k] = 0;
#pragma unroll
      for (int s = 0; s < DEPTH; s++) {
        const Both here = both_at(values, all, lines[k], z - R + s);
        f[k][s] = here.f;
        m[k][s] = here.m;
        counting[k] |= (uint32_t)here.counts << s;
        seen.visit(here, reference);
      }
    }
    return seen;
  }
  /** False where not all of them count. */
  DEVICE bool load_plain(const PairValues &values, const PairWindows &all, const Line &line, int k, int z,
                         const Both &reference, Seen &seen) {
    const int64_t begun = line.first + (int64_t)z * line.step;
    const float *fixed = values.fixed + begun;
    const double *moving = values.moving + begun;
    // What is no number leaves none.
    float f_zero = 0;
    double m_zero = 0;
#pragma unroll
    for (int s = 0; s < DEPTH; s++) {
      f[k][s] = line.after(fixed, s);
      m[k][s] = fused(line.after(moving, s), all.moving_scale, all.moving_offset);
      f_zero = fused(f[k][s], 0, f_zero);
      m_zero = fused(m[k][s], 0, m_zero);
      seen.compare(f[k][s], m[k][s], reference);
    }
    return f_zero == 0 && m_zero == 0;
  }
  DEVICE void sum_moment(int moment, const PairWindows &all, int row, double (&sums)[AT_A_TIME]) const {
    double moments[DEPTH];
#pragma unroll
    for (int s = 0; s < DEPTH; s++) {
      const double fixed = fused(f[row][s], all.fixed_scale, all.fixed_offset);
      moments[s] = moment_of(moment, fixed, m[row][s], counting[row] >> s & 1);
    }
    sum_windows<Window<R>::WIDTH, AT_A_TIME>(moments, sums);
  }
};

/** Of any radius they are read again for every moment. */
template <> struct Samples<ANY> {
  const PairValues *values;
  const Line *lines;
  int z, radius;

  DEVICE Seen load(const PairValues &pair, const PairWindows &all, const Line (&through)[ROWS_OF_THREAD],
                   const Window<ANY> &window, int first, const Both &reference) {
    Seen seen(reference);
    values = &pair;
    lines = through;
    z = first;
    radius = window.radius(2);
#pragma unroll
    for (int k = 0; k < ROWS_OF_THREAD; k++) {
      if ((int)threadIdx.y + k * (THREADS / REGION_X) >= window.rows()) continue;
      for (int s = -radius; s < AT_A_TIME + radius; s++) seen.visit(both_at(pair, all, through[k], first + s), reference);
    }
    return seen;
  }
  DEVICE void sum_moment(int moment, const PairWindows &all, int row, double (&sums)[AT_A_TIME]) const {
#pragma unroll
    for (int s = 0; s < AT_A_TIME; s++) {
      sums[s] = 0;
      for (int k = -radius; k <= radius; k++) {
        const Both here = both_at(*values, all, lines[row], z + s + k);
        sums[s] += moment_of(moment, fused(here.f, all.fixed_scale, all.fixed_offset), here.m, here.counts);
      }
    }
  }
};
