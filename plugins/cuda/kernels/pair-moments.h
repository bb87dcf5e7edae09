#pragma once

#include "chunk-sums.h"
#include "pair.h"

/** Of one channel: samples, (m - f)^2; with slopes the cotangents m - f. */
template <bool SLOPES> struct Squares {
  static const int COLUMNS = SLOPES ? 2 + SLOPE_SUMS : 2;
  int count;
  double squares;
  Slopes slopes;

  DEVICE void visit(float fixed, const Look &look) {
    const double difference = look.value - fixed;
    count++;
    squares = fused(difference, difference, squares);
    if (SLOPES) slopes.add(difference, look.slope);
  }
  DEVICE void step() {
    if (SLOPES) slopes.step();
  }
  DEVICE double column(int which, int x, int y, int end) const {
    if (which == 0) return count;
    return which == 1 ? squares : slopes.column(which - 2, x, y, end);
  }
};

/** The same of samples, f, m, f f, m m, f m, less their shifts; with slopes the cotangents f, m and 1. */
template <bool SLOPES> struct Products {
  static const int COLUMNS = SLOPES ? 6 + 3 * SLOPE_SUMS : 6;
  double fixed_shift, moving_shift;
  int count;
  double f, m, ff, mm, fm;
  Slopes by_f, by_m, by_one;

  DEVICE void visit(float fixed, const Look &look) {
    const double a = fixed - fixed_shift, b = look.value - moving_shift;
    count++;
    f = plus(f, a);
    m = plus(m, b);
    ff = fused(a, a, ff);
    mm = fused(b, b, mm);
    fm = fused(a, b, fm);
    if (!SLOPES) return;
    by_f.add(a, look.slope);
    by_m.add(b, look.slope);
    by_one.add(1, look.slope);
  }
  DEVICE void step() {
    if (!SLOPES) return;
    by_f.step();
    by_m.step();
    by_one.step();
  }
  DEVICE double column(int which, int x, int y, int end) const {
    switch (which) {
      case 0: return count;
      case 1: return f;
      case 2: return m;
      case 3: return ff;
      case 4: return mm;
      case 5: return fm;
    }
    const int slope = which - 6;
    if (slope < SLOPE_SUMS) return by_f.column(slope, x, y, end);
    if (slope < 2 * SLOPE_SUMS) return by_m.column(slope - SLOPE_SUMS, x, y, end);
    return by_one.column(slope - 2 * SLOPE_SUMS, x, y, end);
  }
};

template <bool SLOPES, class Sum>
DEVICE void sum_chunk(const Pair &pair, const AffineMap &map, const Chunks &chunks, Sum &sum) {
  SHARED(Partial<COLUMNS_AT_ONCE>, partial);
  const Column column = column_of(chunks);
  visit_column<SLOPES, float>(pair, map, column, sum);
  store_chunk(partial, sum, chunks, column.x, column.y, column.end);
}

template <bool SLOPES> DEVICE void sum_squares(const Pair &pair, const AffineMap &map, const Chunks &chunks) {
  Squares<SLOPES> sum = {};
  sum_chunk<SLOPES>(pair, map, chunks, sum);
}

template <bool SLOPES> DEVICE void sum_products(const Pair &pair, const AffineMap &map, const Chunks &chunks) {
  Products<SLOPES> sum = {};
  sum.fixed_shift = chunks.fixed_shift;
  sum.moving_shift = chunks.moving_shift;
  sum_chunk<SLOPES>(pair, map, chunks, sum);
}

/** Adds up rows that follow each other, a group of them to one row each. */
DEVICE void add_rows(const Rows &rows) {
  struct Strips {
    double of[THREADS];
  };
  SHARED(Strips, strips);
  const int t = threadIdx.x, column = t % rows.columns, strip = t / rows.columns, all = THREADS / rows.columns;
  const int64_t first = (int64_t)blockIdx.x * rows.group;
  const int64_t end = first + rows.group < rows.count ? first + rows.group : rows.count;
  double sum = 0;
  if (strip < all)
    for (int64_t n = first + strip; n < end; n += all) sum += ((const double *)rows.from)[n * rows.columns + column];
  strips.of[t] = sum;
  barrier();
  if (t >= rows.columns) return;
  double whole = 0;
  for (int n = 0; n < all; n++) whole += strips.of[n * rows.columns + t];
  ((double *)rows.to)[blockIdx.x * rows.columns + t] = whole;
}
