#pragma once

#include "metric.h"

// Windows of a list are looked at sample by sample. On a grid, sums over boxes are made axis by axis, of moments for what
// windows say, and of what they say for the slopes of the samples that they hold; so the time grows with the edge of
// a window, not with its volume. They are plain sums: running ones, which take off what they leave, would keep the rounding
// of the largest values that they met.

/** The values of one channel, and which samples count. */
struct Values {
  const double *fixed, *moving, *valid;

  DEVICE bool counts(int64_t n) const { return valid[n] != 0; }
  DEVICE double fixed_at(int64_t n) const { return fixed[n]; }
  DEVICE double moving_at(int64_t n) const { return moving[n]; }
};

DEVICE Values values_of(const Planes &planes, int channel) {
  return {(const double *)planes.fixed + channel * planes.stride,
          (const double *)planes.moving + channel * planes.stride, (const double *)planes.valid};
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

/** Of a window about a sample that counts; `visit_all` calls with every sample of it. All 0 where either image is constant. */
template <class Values, class VisitAll>
DEVICE Correlation correlate(const Values &values, int64_t middle, const VisitAll &visit_all) {
  // The middle values are taken off before the sums, for their digits.
  const double f_middle = values.fixed_at(middle), m_middle = values.moving_at(middle);
  double count = 0, f_sum = 0, m_sum = 0, f_largest = 0, m_largest = 0;
  visit_all([&](int64_t n) {
    if (!values.counts(n)) return;
    const double f = values.fixed_at(n), m = values.moving_at(n);
    count += 1;
    f_sum += f - f_middle;
    m_sum += m - m_middle;
    f_largest = fmax(f_largest, fabs(f));
    m_largest = fmax(m_largest, fabs(m));
  });
  const double f_mean = f_sum / count, m_mean = m_sum / count;
  double ff = 0, mm = 0, fm = 0;
  visit_all([&](int64_t n) {
    if (!values.counts(n)) return;
    const double f = values.fixed_at(n) - f_middle - f_mean, m = values.moving_at(n) - m_middle - m_mean;
    ff += f * f;
    mm += m * m;
    fm += f * m;
  });
  if (is_constant(ff, count, f_largest) || is_constant(mm, count, m_largest)) return {0, 0, 0, 0, 0};
  return {(fm / ff) * (fm / mm), f_mean, m_mean, 2 * fm / ff / mm, fm / mm};
}

#define WINDOW_SUMS 2
#define WINDOW_SLOPES 4

/** Windows of a list about samples that count, and the sum of their figures; leaves what a derivative needs of each. */
DEVICE void correlate_windows(const Planes &planes, const Windows &windows, const Sums &sums) {
  SHARED(Partial<WINDOW_SUMS>, partial);
  const Values values = values_of(planes, windows.channel);
  const int64_t count = planes.count / windows.stride;
  double *slopes = (double *)windows.slopes;
  double sum[WINDOW_SUMS] = {0, 0};
  visit_row(sums, count, [&](int64_t w) {
    const int64_t first = w * windows.stride, middle = first + windows.stride / 2;
    const bool counts = values.valid[middle] != 0;
    Correlation found = {0, 0, 0, 0, 0};
    if (counts)
      found = correlate(values, middle, [&](auto visit) {
        for (int64_t n = first; n < first + windows.stride; n++) visit(n);
      });
    sum[0] += counts;
    sum[1] += found.figure;
    if (slopes == 0) return;
    slopes[w] = found.fixed_mean;
    slopes[count + w] = found.moving_mean;
    slopes[2 * count + w] = found.steepness;
    slopes[3 * count + w] = found.ratio;
  });
  sum_block(partial, sum, sums);
}

/** Adds each sample's slope by its window: steepness ((f - mean) - ratio (m - mean)). */
DEVICE void add_window_cotangents(const Planes &planes, const Windows &windows) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  const Values values = values_of(planes, windows.channel);
  const int64_t count = planes.count / windows.stride, w = n / windows.stride;
  const int64_t middle = w * windows.stride + windows.stride / 2;
  const double *slopes = (const double *)windows.slopes;
  const double f = values.fixed[n] - values.fixed[middle] - slopes[w];
  const double m = values.moving[n] - values.moving[middle] - slopes[count + w];
  const double slope = slopes[2 * count + w] * (f - slopes[3 * count + w] * m);
  add_cotangent(planes, windows.channel, n, values.valid[n] != 0 ? windows.factor * slope : 0);
}

/** The part of a window along one axis that the box has: neighbours `step` apart, from `first` on. */
struct Span {
  int64_t first, step;
  int32_t count;
};

DEVICE Span span_of(const Boxes &boxes, int64_t sample, int axis) {
  const int64_t row = sample / boxes.size[0];
  const int32_t at = axis == 0   ? (int32_t)(sample - row * boxes.size[0])
                     : axis == 1 ? (int32_t)(row % boxes.size[1])
                                 : (int32_t)(row / boxes.size[1]);
  const int64_t step = axis == 0 ? 1 : axis == 1 ? boxes.size[0] : (int64_t)boxes.size[0] * boxes.size[1];
  const int32_t radius = boxes.radius[axis], after = boxes.size[axis] - 1 - at;
  const int32_t before = radius < at ? radius : at;
  return {sample - before * step, step, before + 1 + (radius < after ? radius : after)};
}

#define BOX_MOMENTS 6

/** Sums along x: samples that count, f, m, f f, m m, f m. */
DEVICE void sum_box_moments(const Planes &planes, const Boxes &boxes) {
  const int64_t sample = thread_index();
  if (sample >= boxes.count) return;
  const Values values = values_of(planes, boxes.channel);
  const Span span = span_of(boxes, sample, 0);
  double sum[BOX_MOMENTS] = {0, 0, 0, 0, 0, 0};
  for (int64_t n = span.first - boxes.before, end = n + span.count; n < end; n++) {
    if (values.valid[n] == 0) continue;
    const double f = values.fixed[n] - boxes.fixed_shift, m = values.moving[n] - boxes.moving_shift;
    sum[0] += 1;
    sum[1] += f;
    sum[2] += m;
    sum[3] += f * f;
    sum[4] += m * m;
    sum[5] += f * m;
  }
  for (int k = 0; k < BOX_MOMENTS; k++) ((double *)boxes.here)[k * boxes.count + sample] = sum[k];
}

DEVICE double sum_span(const double *plane, const Span &span) {
  double sum = 0;
  for (int32_t k = 0; k < span.count; k++) sum += plane[span.first + k * span.step];
  return sum;
}

/** From `here` to `there`. */
DEVICE void sum_along(const Boxes &boxes, const Along &along) {
  const int64_t sample = thread_index();
  if (sample >= boxes.count) return;
  const Span span = span_of(boxes, sample, along.axis);
  for (int k = 0; k < along.planes; k++)
    ((double *)boxes.there)[k * boxes.count + sample] = sum_span((const double *)boxes.here + k * boxes.count, span);
}

/** Calls with every sample of the window about one, counted from the first of the Planes. */
template <class Visit> DEVICE void visit_window(const Boxes &boxes, int64_t sample, const Visit &visit) {
  const Span z = span_of(boxes, sample, 2), y = span_of(boxes, sample, 1), x = span_of(boxes, sample, 0);
  const int64_t first = x.first + (y.first - sample) + (z.first - sample) - boxes.before;
  for (int32_t k = 0; k < z.count; k++)
    for (int32_t j = 0; j < y.count; j++)
      for (int32_t i = 0; i < x.count; i++) visit(first + k * z.step + j * y.step + i);
}

/** Are all values that count in the window the same? It ends at the first that differs. */
DEVICE bool is_uniform(const Boxes &boxes, const double *values, const double *valid, int64_t sample) {
  const Span z = span_of(boxes, sample, 2), y = span_of(boxes, sample, 1), x = span_of(boxes, sample, 0);
  const int64_t first = x.first + (y.first - sample) + (z.first - sample) - boxes.before;
  const double value = values[sample - boxes.before];
  for (int32_t k = 0; k < z.count; k++) {
    for (int32_t j = 0; j < y.count; j++) {
      for (int32_t i = 0; i < x.count; i++) {
        const int64_t n = first + k * z.step + j * y.step + i;
        if (valid[n] != 0 && values[n] != value) return false;
      }
    }
  }
  return true;
}

/** Part of the squares that deviations must be, or the window is looked at sample by sample: float64 has 10 digits then. */
#define DOUBT 1e-6
/** The same of the square of what was taken off: deviations of a few of its last bits may be those of equal values. */
#define ROUNDED 1e-20

/** The window's figure, and a, b, c of its part of a slope, a f - b m + c, values less their shift. */
struct Judgement {
  double figure, a, b, c;
};

/** Of the window about a sample that counts and whose sums are in doubt. */
OUT_OF_LINE Judgement examine(const Values &values, const Boxes &boxes, int64_t sample) {
  if (is_uniform(boxes, values.fixed, values.valid, sample) || is_uniform(boxes, values.moving, values.valid, sample))
    return {0, 0, 0, 0};
  const int64_t middle = sample - boxes.before;
  const Correlation found =
      correlate(values, middle, [&](auto visit) { visit_window(boxes, sample, visit); });
  const double f_mean = values.fixed[middle] - boxes.fixed_shift + found.fixed_mean;
  const double m_mean = values.moving[middle] - boxes.moving_shift + found.moving_mean;
  const double a = found.steepness, b = a * found.ratio;
  return {found.figure, a, b, b * m_mean - a * f_mean};
}

/** Sums along z of the moments `there` become what each window says, `here`: a, b, c and the figure. */
DEVICE void judge_boxes(const Planes &planes, const Boxes &boxes) {
  const int64_t sample = thread_index();
  if (sample >= boxes.count) return;
  const Values values = values_of(planes, boxes.channel);
  Judgement judgement = {0, 0, 0, 0};
  if (values.valid[sample - boxes.before] != 0) {
    const Span span = span_of(boxes, sample, 2);
    double sum[BOX_MOMENTS];
    for (int k = 0; k < BOX_MOMENTS; k++) sum[k] = sum_span((const double *)boxes.there + k * boxes.count, span);
    const double f = sum[1] / sum[0], m = sum[2] / sum[0];
    const double ff = sum[3] - f * sum[1], mm = sum[4] - m * sum[2], fm = sum[5] - f * sum[2];
    const double f_rounded = ROUNDED * sum[0] * boxes.fixed_shift * boxes.fixed_shift;
    const double m_rounded = ROUNDED * sum[0] * boxes.moving_shift * boxes.moving_shift;
    if (ff > DOUBT * sum[3] + f_rounded && mm > DOUBT * sum[4] + m_rounded) {
      const double a = 2 * fm / ff / mm, b = a * (fm / mm);
      judgement = {(fm / ff) * (fm / mm), a, b, b * m - a * f};
    } else {
      judgement = examine(values, boxes, sample);
    }
  }
  double *here = (double *)boxes.here + sample;
  here[0] = judgement.a;
  here[boxes.count] = judgement.b;
  here[2 * boxes.count] = judgement.c;
  here[3 * boxes.count] = judgement.figure;
}

/** Of the samples: how many count, and the sum of their windows' figures. */
DEVICE void sum_figures(const Planes &planes, const Boxes &boxes, const Sums &sums) {
  SHARED(Partial<WINDOW_SUMS>, partial);
  const double *figures = (const double *)boxes.here + 3 * boxes.count + boxes.before;
  double sum[WINDOW_SUMS] = {0, 0};
  visit_row(sums, planes.count, [&](int64_t n) {
    sum[0] += ((const double *)planes.valid)[n];
    sum[1] += figures[n];
  });
  sum_block(partial, sum, sums);
}

/** Sums along z of a, b, c `here` become the slopes of the samples. */
DEVICE void add_box_cotangents(const Planes &planes, const Boxes &boxes) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  const Values values = values_of(planes, boxes.channel);
  const Span span = span_of(boxes, n + boxes.before, 2);
  double sum[3];
  for (int k = 0; k < 3; k++) sum[k] = sum_span((const double *)boxes.here + k * boxes.count, span);
  const double f = values.fixed[n] - boxes.fixed_shift, m = values.moving[n] - boxes.moving_shift;
  const double slope = sum[0] * f - sum[1] * m + sum[2];
  add_cotangent(planes, boxes.channel, n, values.valid[n] != 0 ? boxes.factor * slope : 0);
}
