#pragma once

#include "launch.h"
#include "parameters.h"

/**
 * What is added to a position below 2^19 so that 32 bits of fraction are below 20 bits of a whole number, half of the 24th
 * of the former included, for rounding; and the upper half of its bits.
 */
#define SPLIT (1572864.0 + 0x1p-25)
#define SPLIT_HIGH 0x41380000u

/** Of the bits of such a sum the fraction, rounded to 2^-24 and so below 1. */
DEVICE float fraction_of(int64_t bits) { return (float)((uint32_t)bits & 0xffffff00) * 0x1p-32f; }

/** Splits a position, rounded to 2^-24, into its cell and the fraction. |x| is below 2^19. */
DEVICE void split(double x, int &cell, float &t) {
  const int64_t bits = bits_of(plus(x, SPLIT));
  cell = (int)((uint32_t)(bits >> 32) - SPLIT_HIGH);
  t = fraction_of(bits);
}

DEVICE void split(double x, int &cell, double &t) {
  const double below = floor(x);
  cell = (int)below;
  t = x - below;
}

/** Taps along one axis: the index of the first, and weight and slope of each. */
template <class Real, int SUPPORT> struct Taps {
  int first;
  Real weight[SUPPORT];
  Real slope[SUPPORT];
};

/** The hat; its slope is that of the cell floor(x), the last cell closed. */
template <class Real> DEVICE void fill_linear(Taps<Real, 2> &taps, double x, int n) {
  Real t;
  split(x, taps.first, t);
  if (t == 0 && taps.first == n - 1 && n > 1) {
    taps.first = n - 2;
    t = 1;
  }
  taps.weight[0] = 1 - t;
  taps.weight[1] = t;
  taps.slope[0] = -1;
  taps.slope[1] = 1;
}

/** Uniform B-splines by the recursion of Cox and de Boor; even orders have their knots between the samples. */
template <class Real, int SUPPORT> DEVICE void fill_bspline(Taps<Real, SUPPORT> &taps, double x) {
  const int order = SUPPORT - 1;
  Real t;
  split(order % 2 == 0 ? x + 0.5 : x, taps.first, t);
  taps.first -= order / 2;
  Real *b = taps.weight;
  b[0] = 1;
#pragma unroll
  for (int p = 1; p <= order; p++) {
    const Real scale = Real(1) / p;
    if (p == order) {
#pragma unroll
      for (int j = 0; j <= p; j++) taps.slope[j] = (j == 0 ? 0 : b[j - 1]) - (j == p ? 0 : b[j]);
    }
#pragma unroll
    for (int j = p; j >= 0; j--) {
      const Real before = j == 0 ? 0 : (t - j + p) * scale * b[j - 1];
      const Real same = j == p ? 0 : (j + 1 - t) * scale * b[j];
      b[j] = before + same;
    }
  }
}

/** Cubic convolution. R. G. Keys, IEEE Trans. ASSP 29(6), 1981; a is the slope at |s| = 1. */
template <class Real> DEVICE void fill_keys(Taps<Real, 4> &taps, double x, Real a) {
  Real t;
  split(x, taps.first, t);
  taps.first -= 1;
#pragma unroll
  for (int k = 0; k < 4; k++) {
    const Real s = t + (1 - k);
    const Real r = s < 0 ? -s : s;
    const bool inner = r <= 1;
    taps.weight[k] = inner ? ((a + 2) * r - (a + 3)) * r * r + 1 : a * (((r - 5) * r + 8) * r - 4);
    const Real slope = inner ? (3 * (a + 2) * r - 2 * (a + 3)) * r : a * ((3 * r - 10) * r + 8);
    taps.slope[k] = s < 0 ? -slope : slope;
  }
}

#define PI 3.141592653589793

DEVICE double sinc(double s) {
  if (s == 0) return 1;
  return s == floor(s) ? 0 : sin(PI * s) / (PI * s);
}

/** Near 0 by the first term of its series, right to 1e-9 there. */
DEVICE double sinc_slope(double s) {
  if (fabs(s) < 3e-5) return -PI * PI * s / 3;
  return (cos(PI * s) - sinc(s)) / s;
}

/** sinc(s) sinc(s/3), divided by the sum of the weights; in float64, since its slopes cancel. */
template <class Real> OUT_OF_LINE void fill_lanczos(Taps<Real, 6> &taps, double x) {
  const double cell = floor(x);
  taps.first = (int)cell - 2;
  double weight[6], slope[6], sum = 0, sum_slope = 0;
  for (int k = 0; k < 6; k++) {
    const double s = x - (cell - 2 + k);
    weight[k] = sinc(s) * sinc(s / 3);
    slope[k] = sinc_slope(s) * sinc(s / 3) + sinc(s) * sinc_slope(s / 3) / 3;
    sum += weight[k];
    sum_slope += slope[k];
  }
  for (int k = 0; k < 6; k++) {
    weight[k] /= sum;
    taps.weight[k] = (Real)weight[k];
    taps.slope[k] = (Real)((slope[k] - weight[k] * sum_slope) / sum);
  }
}

// Interpolators by the number of their taps; the interpolator is the same for all threads of a launch.

template <class Real> DEVICE void fill_taps(Taps<Real, 2> &taps, double x, int n, int) {
  fill_linear(taps, x, n);
}
template <class Real> DEVICE void fill_taps(Taps<Real, 3> &taps, double x, int, int) {
  fill_bspline(taps, x);
}
template <class Real> DEVICE void fill_taps(Taps<Real, 4> &taps, double x, int, int interpolator) {
  if (interpolator == BSPLINE) fill_bspline(taps, x);
  else fill_keys(taps, x, interpolator == KEYS_HALF ? Real(-0.5) : Real(-0.75));
}
template <class Real> DEVICE void fill_taps(Taps<Real, 5> &taps, double x, int, int) {
  fill_bspline(taps, x);
}
template <class Real> DEVICE void fill_taps(Taps<Real, 6> &taps, double x, int, int interpolator) {
  if (interpolator == BSPLINE) fill_bspline(taps, x);
  else fill_lanczos(taps, x);
}
