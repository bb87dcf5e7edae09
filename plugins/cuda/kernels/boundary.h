#pragma once

#include "launch.h"
#include "parameters.h"

/** From 0 to below the period; exact, whatever the size of x. */
DEVICE double modulo(double x, double period) {
  const double rest = fmod(x, period);
  return rest < 0 ? rest + period : rest;
}

/** The sample that stands at index i of an axis of n, or -1 for the fill value. i is within a few periods. */
DEVICE int fold_index(int i, int n, int fold) {
  if (i >= 0 && i < n) return i;
  switch (fold) {
    case FOLD_CLAMP: return i < 0 ? 0 : n - 1;
    case FOLD_PERIODIC: {
      const int m = i % n;
      return m < 0 ? m + n : m;
    }
    case FOLD_REFLECT: {
      int m = i % (2 * n);
      if (m < 0) m += 2 * n;
      return m < n ? m : 2 * n - 1 - m;
    }
    case FOLD_MIRROR: {
      if (n == 1) return 0;
      const int period = 2 * n - 2;
      int m = i % period;
      if (m < 0) m += period;
      return m < n ? m : period - m;
    }
    default: return -1;
  }
}

/** Beyond the samples by more than this, every tap of every kernel is beyond them. */
#define FAR 8

/** A position off the samples, brought to where its taps are those of the true position and are near. */
OUT_OF_LINE double come_near(double x, int n, int margin, int fold) {
  switch (fold) {
    case FOLD_REFLECT: return modulo(x, 2.0 * n);
    case FOLD_MIRROR: return n == 1 ? 0 : modulo(x, 2.0 * n - 2);
    case FOLD_PERIODIC: return modulo(x, n);
    default: return fmin(fmax(x, -double(margin + FAR)), double(n - 1 + margin + FAR));
  }
}

/** SciPy's wrap: -(n-1) comes to n-1, 2(n-1) to 0. */
OUT_OF_LINE double wrap_around(double x, int n) {
  if (n == 1) return 0;
  const double rest = modulo(x, n - 1);
  return x < 0 && rest == 0 ? n - 1 : rest;
}

/** A position is folded itself before it is rounded, as SciPy and torch do, so that ties fall as theirs. */
OUT_OF_LINE double fold_position(double x, int n, int fold) {
  switch (fold) {
    case FOLD_REFLECT: {
      const double rest = modulo(x + 0.5, 2.0 * n) - 0.5;
      return rest <= n - 0.5 ? rest : 2.0 * n - 1 - rest;
    }
    case FOLD_MIRROR: {
      if (n == 1) return 0;
      const double period = 2.0 * n - 2;
      const double rest = modulo(fabs(x), period);
      const bool stays = x < 0 ? rest <= n - 1 : rest < n;
      return stays ? rest : period - rest;
    }
    default: return come_near(x, n, 0, fold);
  }
}

/**
 * Takes a position along an axis of n samples of the image to where its taps are sought; false where there is
 * only the fill value.
 */
template <bool ROUNDS> DEVICE bool settle(double &x, int n, int margin, const Rules &rules) {
  if (x >= 0 && x <= n - 1) return true;
  if (!(fabs(x) < INFINITY)) return false;
  if (rules.limit == LIMIT_SAMPLES) return false;
  if (rules.limit == LIMIT_CELLS) return x >= -0.5 && x < n - 0.5;
  if (rules.wraps) x = wrap_around(x, n);
  else x = ROUNDS ? fold_position(x, n, rules.fold) : come_near(x, n, margin, rules.fold);
  return true;
}
