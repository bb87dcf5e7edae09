#pragma once

#include "metric.h"

// Sums of a chunk of samples: a block of threads adds up what its threads have, in a fixed order, into the chunk's row;
// rows are added up by another kernel and the host, in a fixed order too. Chunks are those of the whole grid, whatever
// part of it is on the device.

/** Cotangent sums of one kind: by axis, and of what they were after each step. */
struct Slopes {
  double at[3], ahead[3];

  DEVICE void clear() {
#pragma unroll
    for (int a = 0; a < 3; a++) at[a] = ahead[a] = 0;
  }
  DEVICE void add(double factor, const double (&slope)[3]) {
#pragma unroll
    for (int a = 0; a < 3; a++) at[a] = fused(factor, slope[a], at[a]);
  }
  DEVICE void step() {
#pragma unroll
    for (int a = 0; a < 3; a++) ahead[a] = plus(ahead[a], at[a]);
  }
  /**
   * Of 3 x 4 sums of cotangent times [index; 1], row-major. Along the column the index is first + k, and after n steps
   * `ahead` has each cotangent n - k times.
   */
  DEVICE double column(int which, int x, int y, int end) const {
    const int row = which / 4;
    switch (which % 4) {
      case 0: return x * at[row];
      case 1: return y * at[row];
      case 2: return end * at[row] - ahead[row];
      default: return at[row];
    }
  }
};

#define SLOPE_SUMS 12

/** Columns that are summed at a time. */
#define COLUMNS_AT_ONCE 16

/** Leaves the sums of all threads in the chunk's row: Sum has COLUMNS of them, in an order of its own. */
template <class Sum> DEVICE void store_chunk(Partial<COLUMNS_AT_ONCE> &partial, const Sum &sum, const Chunks &chunks, int x, int y, int end) {
  const int t = threadIdx.y * CHUNK_X + threadIdx.x;
  const int64_t across = (chunks.size[0] + CHUNK_X - 1) / CHUNK_X, down = (chunks.size[1] + CHUNK_Y - 1) / CHUNK_Y;
  const int64_t chunk = ((blockIdx.z + chunks.start[2]) * down + blockIdx.y + chunks.start[1]) * across + blockIdx.x +
                        chunks.start[0];
  double *row = (double *)chunks.rows + chunk * Sum::COLUMNS;
#pragma unroll
  for (int first = 0; first < Sum::COLUMNS; first += COLUMNS_AT_ONCE) {
    const int count = Sum::COLUMNS - first < COLUMNS_AT_ONCE ? Sum::COLUMNS - first : COLUMNS_AT_ONCE;
    if (first > 0) barrier();
#pragma unroll
    for (int k = 0; k < count; k++) partial.of[k][t] = sum.column(first + k, x, y, end);
    add_up(partial, row + first, count, t);
  }
}
