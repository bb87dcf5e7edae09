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
