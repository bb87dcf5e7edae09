#pragma once

#include "pair-boxes.h"
#include "pair.h"

// Local normalized correlation of two volumes under an affine: the moving image is sampled once into a plane; windows are
// judged by tiles (pair-windows.h), which leaves three planes of what they say of slopes; sums of those over the boxes
// about a sample are its slope, by which the gradient there, looked for anew, is added up (pair-slopes.h). Here is what both
// have of a tile.

/** Samples along z that a thread takes. */
#define COLUMN 64

/** Makes the plane of moving values: no number where there is none, or the mask is not set. */
DEVICE void sample_moving(const Pair &pair, const AffineMap &map, const Output &output) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, j = blockIdx.y * blockDim.y + threadIdx.y;
  if (i >= output.size[0] || j >= output.size[1]) return;
  const Point begun = begin_affine(map.matrix, output.start[0] + i, output.start[1] + j);
  const Volume volume(pair.moving);
  const bool is_plain = pair.mask.address == 0;
  const int first = blockIdx.z * COLUMN, all = output.size[2], end = first + COLUMN < all ? first + COLUMN : all;
  double *values = (double *)output.address + j * output.row_stride + i;
#pragma unroll 1
  for (int k = first; k < end; k += AT_ONCE) {
    const double z = output.start[2] + k;
    const auto point_of = [&](int n) { return end_affine(map.matrix, begun, z + n); };
    Look looks[AT_ONCE];
    if (is_plain && k + AT_ONCE <= end && look_at_once<false>(pair.moving, volume, point_of, looks)) {
#pragma unroll
      for (int n = 0; n < AT_ONCE; n++) values[(k + n) * output.slice_stride] = looks[n].value;
      continue;
    }
#pragma unroll 1
    for (int n = 0; n < AT_ONCE && k + n < end; n++) {
      Look look;
      values[(k + n) * output.slice_stride] = look_anywhere(pair, point_of(n), look) ? look.value : NAN;
    }
  }
}

DEVICE bool is_in(const IndexBox &box, int axis, int n) { return n >= box.low[axis] && n < box.high[axis]; }
DEVICE bool is_in(const IndexBox &box, int x, int y, int z) {
  return is_in(box, 0, x) && is_in(box, 1, y) && is_in(box, 2, z);
}

/** The two images of a pair where windows look at them, counted as the fixed one lies. */
struct PairValues {
  const float *fixed;
  const double *moving;
  int64_t row, slice;

  DEVICE PairValues(const Source &side, const PairWindows &windows)
      : fixed((const float *)side.address), moving((const double *)windows.values), row(side.row_stride),
        slice(side.slice_stride) {}

  DEVICE int64_t at(int x, int y, int z) const { return z * slice + y * row + x; }
  DEVICE float fixed_at(int64_t n) const { return read(fixed + n); }
  DEVICE double moving_at(int64_t n) const { return read(moving + n); }
  DEVICE bool counts(int64_t n) const { return ::counts(fixed_at(n)) && is_finite(moving_at(n)); }
};

/** Where a block's tile begins, and its row of sums; `is_own`: it has one. */
struct TileOrigin {
  int x, y, z;
  bool is_own;
  int64_t row;
};

template <int R> DEVICE TileOrigin tile_of(const PairWindows &all, const Window<R> &window) {
  const int i = blockIdx.x + all.start[0], j = blockIdx.y + all.start[1], k = blockIdx.z + all.start[2];
  return {i * window.tile_x(), j * 2 * Window<R>::RUN, k * TILE_Z, is_in(all.own, i, j, k),
          ((int64_t)k * all.tiles[1] + j) * all.tiles[0] + i};
}

/** Samples of a line along z through a box, of which those beyond its ends are counted as its last. */
struct Line {
  int64_t first;
  uint32_t step;
  int low, high;
  bool is_there;

  DEVICE Line(const PairValues &values, const IndexBox &box, int x, int y)
      : first(values.at(clamped(box, 0, x), clamped(box, 1, y), 0)), step(keep((uint32_t)values.slice)), low(box.low[2]),
        high(box.high[2] - 1), is_there(is_in(box, 0, x) && is_in(box, 1, y)) {}

  DEVICE static int clamped(const IndexBox &box, int axis, int n) {
    return n < box.low[axis] ? box.low[axis] : n >= box.high[axis] ? box.high[axis] - 1 : n;
  }
  DEVICE int64_t at(int z) const { return first + (int64_t)(z < low ? low : z > high ? high : z) * step; }
  DEVICE bool has(int z) const { return is_there && z >= low && z <= high; }
  /** Has it `count` samples from z on? */
  DEVICE bool has(int z, int count) const { return is_there && z >= low && z + count - 1 <= high; }
  /** The n-th of a plane's values after that at `begun`. */
  template <class T> DEVICE T after(const T *begun, int n) const {
    return read((const T *)times_plus(step, n * sizeof(T), (uint64_t)begun));
  }
};

/** The line along z through one of a thread's samples of the region. */
template <int R>
DEVICE Line line_of(const PairValues &values, const IndexBox &box, const TileOrigin &tile, const Window<R> &window, int row) {
  const int y = threadIdx.y + row * (THREADS / REGION_X);
  return Line(values, box, tile.x - window.radius(0) + (int)threadIdx.x, tile.y - window.radius(1) + y);
}
