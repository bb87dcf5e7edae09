#pragma once

#include "chunk-sums.h"
#include "pair.h"

// Mutual information in two passes, both of which sample the moving image anew: one counts the joint histogram, the other
// sums the slopes that the host made of it. Of the fixed image its rows of the histogram are kept, a byte for a voxel.

/** Where a moving value lies among the bins. */
struct BinPosition {
  /** The bin before it, the first of the four that it weighs in. */
  int first;
  /** From that bin's successor on, 0 to 1. */
  double t;
};

/** A histogram's moving axis, for samples of a pair. */
struct MovingBins {
  double min, max, inverse;
  int bins;

  DEVICE MovingBins(const Bins &all)
      : min(all.moving_min), max(all.moving_max), inverse(1 / all.moving_width), bins(all.bins) {}

  DEVICE BinPosition find(double value) const {
    const double position = fused(fmin(fmax(value, min), max) - min, inverse, double(PADDING));
    const int bin = bin_of(position, bins);
    return {bin - 1, position - bin};
  }
};

/**
 * Weights as whole numbers of 1 / scale, a power of 2 up to 2^51, whose order does not show. In shared memory they are two
 * numbers of 32 bits, half of the digits each, so that the samples of a chunk overflow none and nothing is carried.
 */
struct Weighing {
  /** Above it numbers are apart by 1 / scale. */
  double above;
  uint64_t zero, one;
  /** Digits of the lower number. */
  int low_digits;

  DEVICE Weighing(double scale)
      : above(FLOOR / scale), zero(bits_of(FLOOR / scale)), one((uint64_t)scale),
        low_digits((int)((bits_of(scale) >> 52) - 1022) / 2) {}
  DEVICE uint64_t of(double weight) const { return bits_of(plus(weight, above)) - zero; }
  DEVICE uint32_t low(uint64_t weight) const { return (uint32_t)weight & ((1u << low_digits) - 1); }
  DEVICE uint32_t high(uint64_t weight) const { return (uint32_t)(weight >> low_digits); }
  DEVICE uint64_t whole(uint32_t low, uint32_t high) const { return ((uint64_t)high << low_digits) + low; }
};

/** Counts what a thread's samples weigh; those that follow each other in the same cells are added up before. */
struct Counting {
  Cells &cells;
  const MovingBins &axis;
  const Weighing &weighing;
  int at;
  uint64_t weights[4];
  uint32_t samples;

  DEVICE void visit(uint8_t row, const Look &look) {
    const BinPosition found = axis.find(look.value);
    const int first = row * axis.bins + found.first;
    if (first != at) flush(first);
    const double t = found.t, s = 1 - t;
    // The cubic B-spline of the four bins; the last is what is left of 1.
    const uint64_t before = weighing.of(s * s * s * (1.0 / 6)), last = weighing.of(t * t * t * (1.0 / 6));
    const uint64_t here = weighing.of(fused(t * t, fused(0.5, t, -1.0), 2.0 / 3));
    weights[0] += before;
    weights[1] += here;
    weights[2] += weighing.one - before - here - last;
    weights[3] += last;
    samples++;
  }

  DEVICE void flush(int next) {
#pragma unroll
    for (int k = 0; k < 4; k++) {
      add_part(&cells.low[at + k], weighing.low(weights[k]));
      add_part(&cells.high[at + k], weighing.high(weights[k]));
      weights[k] = 0;
    }
    at = next;
  }

  DEVICE void step() {}
};

struct ChunkCounts {
  Cells cells;
  uint32_t samples;
};

/** Adds a chunk's weights to the table, and the number of its samples after the table's last cell. */
DEVICE void count_chunk(const Pair &pair, const AffineMap &map, const Chunks &chunks, const Bins &bins) {
  SHARED(ChunkCounts, counts);
  const int t = threadIdx.y * CHUNK_X + threadIdx.x;
  for (int at = t; at < bins.cells; at += THREADS) counts.cells.low[at] = counts.cells.high[at] = 0;
  if (t == 0) counts.samples = 0;
  barrier();
  const MovingBins axis(bins);
  const Weighing weighing(bins.scale);
  Counting counting = {counts.cells, axis, weighing, 0, {0, 0, 0, 0}, 0};
  visit_column<false, uint8_t>(pair, map, column_of(chunks), counting);
  counting.flush(0);
  if (counting.samples > 0) add_part(&counts.samples, counting.samples);
  barrier();
  for (int at = t; at < bins.cells; at += THREADS) {
    const int64_t weight = (int64_t)weighing.whole(counts.cells.low[at], counts.cells.high[at]);
    if (weight != 0) add_whole((int64_t *)bins.table + at, weight);
  }
  if (t == 0 && counts.samples > 0) add_whole((int64_t *)bins.table + bins.cells, (int64_t)(counts.samples * weighing.one));
}

/** Sums of the slopes of the information; the table has by how much more the next bin's weight adds to it than a bin's. */
struct InformationSlopes {
  static const int COLUMNS = SLOPE_SUMS;
  const double *table;
  const MovingBins &axis;
  Slopes slopes;

  DEVICE void visit(uint8_t row, const Look &look) {
    // A moving value beyond the range counts as the end of it, flat.
    if (look.value < axis.min || look.value > axis.max) return;
    const BinPosition found = axis.find(look.value);
    const double *cells = table + row * axis.bins + found.first;
    const double t = found.t, first = cells[0], second = cells[1], third = cells[2];
    // The quadratic B-spline of the three: s s / 2, 1/2 + t s and t t / 2, s = 1 - t, by powers of t.
    const double bend = second - first;
    slopes.add(fused(t, fused(0.5 * t, (third - second) - bend, bend), 0.5 * (first + second)), look.slope);
  }
  DEVICE void step() { slopes.step(); }
  DEVICE double column(int which, int x, int y, int end) const { return slopes.column(which, x, y, end); }
};

union InformationRoom {
  double table[CELLS];
  Partial<COLUMNS_AT_ONCE> partial;
};

DEVICE void inform_chunk(const Pair &pair, const AffineMap &map, const Chunks &chunks, const Bins &bins) {
  SHARED(InformationRoom, room);
  for (int at = threadIdx.y * CHUNK_X + threadIdx.x; at < bins.cells; at += THREADS)
    room.table[at] = ((const double *)bins.table)[at];
  barrier();
  const MovingBins axis(bins);
  InformationSlopes sum = {room.table, axis, {}};
  const Column column = column_of(chunks);
  visit_column<true, uint8_t>(pair, map, column, sum);
  barrier();
  store_chunk(room.partial, sum, chunks, column.x, column.y, column.end);
}

/** Makes the fixed side of a pair: rows of the histogram, NO_ROW where a sample does not count. */
DEVICE void find_rows(const Source &fixed, const Source &mask, const Bins &bins, const Output &output) {
  visit_box(output, [&](int x, int y, int z, int64_t at) {
    const int64_t from = z * fixed.slice_stride + y * fixed.row_stride + x;
    const int64_t there = z * mask.slice_stride + y * mask.row_stride + x;
    const double value = load<double>(fixed.address, fixed.pixel, from);
    const bool counts = is_finite(value) && (mask.address == 0 || load<double>(mask.address, mask.pixel, there) != 0);
    const double position = bin_position(counts ? value : bins.fixed_min, bins.fixed_min, bins.fixed_max, bins.fixed_width);
    ((uint8_t *)output.address)[at] = counts ? (uint8_t)bin_of(position, bins.bins) : NO_ROW;
  });
}
