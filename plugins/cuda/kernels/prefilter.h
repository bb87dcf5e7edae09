#pragma once

#include "boundary.h"
#include "launch.h"
#include "parameters.h"

/** A power of the pole whose share of the sum no float64 shows. */
#define NEGLIGIBLE 1e-20

/** The poles within the unit circle. M. Unser, A. Aldroubi, M. Eden, IEEE Trans. Signal Processing 41(2), 1993, table I. */
DEVICE double pole_of(int order, int which) {
  switch (order) {
    case 2: return sqrt(8.0) - 3;
    case 3: return sqrt(3.0) - 2;
    case 4: return which == 0 ? sqrt(664 - sqrt(438976.0)) + sqrt(304.0) - 19 : sqrt(664 + sqrt(438976.0)) - sqrt(304.0) - 19;
    default: return which == 0 ? sqrt(67.5 - sqrt(4436.25)) + sqrt(26.25) - 6.5 : sqrt(67.5 + sqrt(4436.25)) - sqrt(26.25) - 6.5;
  }
}

DEVICE double power(double z, int64_t n) {
  double product = 1;
  for (; n > 0 && fabs(product) > NEGLIGIBLE; n--) product *= z;
  return n > 0 ? 0 : product;
}

/** What the causal filter has before the first value: the sum of the geometric series over the line's period. */
DEVICE double before_first(const double *line, const Lines &lines, double z) {
  const int n = lines.length;
  const int64_t period = lines.fold == FOLD_PERIODIC ? n : lines.fold == FOLD_MIRROR ? 2 * (int64_t)n - 2 : 2 * (int64_t)n;
  double sum = 0, factor = 1;
  for (int64_t k = 0; k < period && fabs(factor) > NEGLIGIBLE; k++) {
    sum += factor * line[fold_index((int)(-1 - k), n, lines.fold) * lines.stride];
    factor *= z;
  }
  return sum * (1 - z) / (1 - power(z, period));
}

/** The last value of the anticausal filter, in closed form by the symmetry that the causal one left. */
DEVICE double after_last(const double *line, const Lines &lines, double z) {
  const int n = lines.length;
  const double last = line[(n - 1) * lines.stride];
  if (lines.fold == FOLD_REFLECT) return last;
  if (lines.fold == FOLD_MIRROR) return (last + z * line[(n - 2) * lines.stride]) / (1 + z);
  double sum = 0, factor = 1;
  for (int k = 0; k < n && fabs(factor) > NEGLIGIBLE; k++) {
    sum += factor * line[k * lines.stride];
    factor *= z;
  }
  return z * sum * (1 - z) / (1 - power(z, n)) + (1 - z) * last;
}

/** Replaces the samples of a line by its B-spline coefficients. A line of one value is its own. */
DEVICE void filter_line(double *line, const Lines &lines) {
  const int n = lines.length;
  if (n == 1) return;
  for (int which = 0; which < lines.order / 2; which++) {
    const double z = pole_of(lines.order, which);
    double value = before_first(line, lines, z);
    for (int64_t i = 0; i < n; i++) {
      value = (1 - z) * line[i * lines.stride] + z * value;
      line[i * lines.stride] = value;
    }
    value = after_last(line, lines, z);
    line[(n - 1) * lines.stride] = value;
    for (int64_t i = n - 2; i >= 0; i--) {
      value = (1 - z) * line[i * lines.stride] + z * value;
      line[i * lines.stride] = value;
    }
  }
}

/** One thread per line. */
DEVICE void prefilter(const Lines &lines) {
  const int inner = blockIdx.x * blockDim.x + threadIdx.x;
  if (inner >= lines.inner) return;
  for (int outer = blockIdx.y * blockDim.y + threadIdx.y; outer < lines.outer; outer += gridDim.y * blockDim.y)
    filter_line((double *)lines.address + outer * lines.outer_stride + inner * lines.inner_stride, lines);
}

/** Values of its line that a thread has in the block's memory at a time. */
#define STRETCH 16

/** A column more than is used, so that neighbours' values lie in different banks. */
struct Stretches {
  double of[THREADS][STRETCH + 1];
};

/**
 * Lines whose values are neighbours, one thread per line. A block brings a stretch of its lines to its own memory, and back:
 * so neighbouring threads read neighbouring values, which each by itself would not.
 */
struct RowFilter {
  Stretches &stretches;
  const Lines &lines;
  int first, count;

  /** Calls with each value of the stretch and where it lies in the block's memory. */
  template <class Move> DEVICE void move(int from, const Move &move_one) const {
    for (int n = threadIdx.x; n < THREADS * STRETCH; n += THREADS) {
      const int line = n / STRETCH, at = n % STRETCH;
      if (line >= count || from + at >= lines.length) continue;
      move_one(((double *)lines.address)[(first + line) * lines.inner_stride + from + at], stretches.of[line][at]);
    }
  }

  /** One of the two filters over the stretch that begins at `from`. */
  DEVICE void pass(int from, bool forward, double z, double &value) const {
    move(from, [](double &there, double &here) { here = there; });
    barrier();
    const int end = lines.length - from < STRETCH ? lines.length - from : STRETCH;
    double *line = stretches.of[threadIdx.x];
    // The value that the second filter begins with is there already; threads without a line help others only.
    const int own = forward || from + end < lines.length ? end : end - 1;
    const int last = (int)threadIdx.x < count ? own : 0;
    for (int k = 0; k < last; k++) {
      const int at = forward ? k : last - 1 - k;
      value = (1 - z) * line[at] + z * value;
      line[at] = value;
    }
    barrier();
    move(from, [](double &there, double &here) { there = here; });
  }
};

/** What prefilter does for lines along x. */
DEVICE void prefilter_rows(const Lines &lines) {
  SHARED(Stretches, stretches);
  const int n = lines.length, first = blockIdx.x * THREADS;
  const RowFilter filter = {stretches, lines, first, lines.inner - first};
  const bool has = (int)threadIdx.x < filter.count;
  double *line = (double *)lines.address + (first + (int)threadIdx.x) * lines.inner_stride;
  if (n == 1) return;
  for (int which = 0; which < lines.order / 2; which++) {
    const double z = pole_of(lines.order, which);
    double value = has ? before_first(line, lines, z) : 0;
    barrier();
    for (int from = 0; from < n; from += STRETCH) filter.pass(from, true, z, value);
    barrier();
    value = has ? after_last(line, lines, z) : 0;
    barrier();
    if (has) line[n - 1] = value;
    barrier();
    for (int from = (n - 1) / STRETCH * STRETCH; from >= 0; from -= STRETCH) filter.pass(from, false, z, value);
    barrier();
  }
}
