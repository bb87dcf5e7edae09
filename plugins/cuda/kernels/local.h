#pragma once

#include "metric.h"

// Every window looks at each of its samples: running sums would leave rounding where a window is flat, and which
// windows are flat is part of the figure.

/** First and last sample per axis. */
struct Box {
  int32_t first[3], last[3];
};

DEVICE Box box_about(const Windows &windows, int64_t sample) {
  const int64_t row = sample / windows.size[0];
  const int32_t at[3] = {(int32_t)(sample - row * windows.size[0]), (int32_t)(row % windows.size[1]),
                         (int32_t)(row / windows.size[1])};
  Box box;
  for (int a = 0; a < 3; a++) {
    const int32_t before = windows.radius[a], after = windows.size[a] - 1 - at[a];
    box.first[a] = at[a] - (before < at[a] ? before : at[a]);
    box.last[a] = at[a] + (before < after ? before : after);
  }
  return box;
}

/** Calls with every sample of a box, x fastest. */
template <class Visit> DEVICE void visit_box(const Windows &windows, const Box &box, const Visit &visit) {
  for (int64_t z = box.first[2]; z <= box.last[2]; z++) {
    for (int64_t y = box.first[1]; y <= box.last[1]; y++) {
      const int64_t row = (z * windows.size[1] + y) * windows.size[0];
      for (int64_t x = row + box.first[0]; x <= row + box.last[0]; x++) visit(x);
    }
  }
}

/** The values of one channel, and which samples count. */
struct Values {
  const double *fixed, *moving, *valid;
};

DEVICE Values values_of(const Planes &planes, int channel) {
  return {(const double *)planes.fixed + channel * planes.count, (const double *)planes.moving + channel * planes.count,
          (const double *)planes.valid};
}

/** What interpolating equal values leaves of their differences, relative to the largest. */
#define ROUNDING 1e-14

DEVICE bool is_constant(double squares, double count, double largest) {
  return squares <= count * (ROUNDING * largest) * (ROUNDING * largest);
}

/** Of a window: its figure, the means less the values in the middle, 2 s_fm / (s_ff s_mm), and s_fm / s_mm. */
struct Correlation {
  double figure, fixed_mean, moving_mean, steepness, ratio;
};

/** Of the window about a sample that counts. All 0 where either image is constant. */
DEVICE Correlation correlate(const Values &values, const Windows &windows, int64_t middle) {
  // The middle values are taken off before the sums, for their digits.
  const double f_middle = values.fixed[middle], m_middle = values.moving[middle];
  const Box box = box_about(windows, middle);
  double count = 0, f_sum = 0, m_sum = 0, f_largest = 0, m_largest = 0;
  visit_box(windows, box, [&](int64_t n) {
    if (values.valid[n] == 0) return;
    const double f = values.fixed[n], m = values.moving[n];
    count += 1;
    f_sum += f - f_middle;
    m_sum += m - m_middle;
    f_largest = fmax(f_largest, fabs(f));
    m_largest = fmax(m_largest, fabs(m));
  });
  const double f_mean = f_sum / count, m_mean = m_sum / count;
  double ff = 0, mm = 0, fm = 0;
  visit_box(windows, box, [&](int64_t n) {
    if (values.valid[n] == 0) return;
    const double f = values.fixed[n] - f_middle - f_mean, m = values.moving[n] - m_middle - m_mean;
    ff += f * f;
    mm += m * m;
    fm += f * m;
  });
  if (is_constant(ff, count, f_largest) || is_constant(mm, count, m_largest)) return {0, 0, 0, 0, 0};
  return {(fm / ff) * (fm / mm), f_mean, m_mean, 2 * fm / ff / mm, fm / mm};
}

#define WINDOW_SUMS 2
#define WINDOW_SLOPES 4

/** Windows about samples that count, and the sum of their figures; leaves what a derivative needs of each. */
DEVICE void correlate_windows(const Planes &planes, const Windows &windows, const Sums &sums) {
  const int64_t t = thread_index();
  if (t >= sums.threads) return;
  const Values values = values_of(planes, windows.channel);
  const int64_t count = planes.count / windows.stride;
  double *slopes = (double *)windows.slopes;
  double sum[WINDOW_SUMS] = {0, 0};
  for (int64_t w = t; w < count; w += sums.threads) {
    const int64_t middle = w * windows.stride + windows.stride / 2;
    const bool counts = values.valid[middle] != 0;
    Correlation found = {0, 0, 0, 0, 0};
    if (counts) found = correlate(values, windows, middle);
    sum[0] += counts;
    sum[1] += found.figure;
    if (slopes == 0) continue;
    slopes[w] = found.fixed_mean;
    slopes[count + w] = found.moving_mean;
    slopes[2 * count + w] = found.steepness;
    slopes[3 * count + w] = found.ratio;
  }
  for (int k = 0; k < WINDOW_SUMS; k++) ((double *)sums.address)[t * WINDOW_SUMS + k] = sum[k];
}

/** Adds each sample's slope: the sum, over all windows that hold it, of steepness ((f - mean) - ratio (m - mean)). */
DEVICE void add_window_cotangents(const Planes &planes, const Windows &windows) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  const Values values = values_of(planes, windows.channel);
  const int64_t count = planes.count / windows.stride;
  const double *slopes = (const double *)windows.slopes;
  double slope = 0;
  // On a grid a sample is in the windows about all samples of its own window; in a list it is in one.
  Box box = box_about(windows, n);
  if (windows.stride > 1) box.first[0] = box.last[0] = windows.stride / 2;
  if (values.valid[n] != 0) {
    visit_box(windows, box, [&](int64_t middle) {
      const int64_t w = windows.stride > 1 ? middle / windows.stride : middle;
      const double f = values.fixed[n] - values.fixed[middle] - slopes[w];
      const double m = values.moving[n] - values.moving[middle] - slopes[count + w];
      slope += slopes[2 * count + w] * (f - slopes[3 * count + w] * m);
    });
  }
  add_cotangent(planes, windows.channel, n, windows.factor * slope);
}
