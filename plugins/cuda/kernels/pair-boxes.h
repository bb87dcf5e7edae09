#pragma once

#include "metric.h"

// Sums over the boxes about the samples of a tile, for four slices at a time: along z in registers, then along x and along y
// through shared memory. They are plain sums, as in local.h; of neighbouring windows what they have in common is added once.
// A block reads REGION_X x REGION_Y samples of a slice and has the windows whose samples are among them. Two blocks are on a
// multiprocessor, by 128 registers a thread; their shared memory, 31 KB each of a known radius, is what sm_75 has, where
// of any radius, with 33 KB, there is one.

#define REGION_X 32
#define REGION_Y 16
/** Slices that are summed at a time. */
#define AT_A_TIME 4
#define TILE_Z 16
/** Lines along x of all these slices. */
#define BOX_LINES (REGION_Y * AT_A_TIME)
/** Threads that share a line. */
#define LINE_PARTS (THREADS / BOX_LINES)
/** Samples of the region that a thread has, one below the other, apart by a block's rows. */
#define ROWS_OF_THREAD (REGION_Y * REGION_X / THREADS)

/** In place of a radius that is the same on all axes: any up to ANY_MOST, each axis its own. */
#define ANY 0
#define ANY_MOST 4

/** What the compiler knows of a window of radius R on all axes, or of ANY. */
template <int R> struct Window {
  static const int WIDTH = 2 * R + 1;
  /** Windows along y that a thread has. */
  static const int RUN = REGION_Y / 2 - R;
  static const int TILE_X = REGION_X - 2 * R;

  DEVICE explicit Window(const int32_t (&)[3]) {}
  DEVICE int radius(int) const { return R; }
  DEVICE int tile_x() const { return TILE_X; }
  DEVICE int rows() const { return REGION_Y; }
};

template <> struct Window<ANY> {
  static const int RUN = REGION_Y / 2 - ANY_MOST;
  static const int TILE_X = REGION_X;
  const int32_t (&radii)[3];

  DEVICE explicit Window(const int32_t (&radius)[3]) : radii(radius) {}
  DEVICE int radius(int axis) const { return radii[axis]; }
  DEVICE int tile_x() const { return REGION_X - 2 * radii[0]; }
  DEVICE int rows() const { return 2 * RUN + 2 * radii[1]; }
};

/** Lines are apart by an odd number of values, so that threads that go along them together meet in no bank. */
template <int R> struct BoxRoom {
  double along_z[BOX_LINES][REGION_X + 1];
  double along_x[BOX_LINES][Window<R>::TILE_X + 1];
};

/** Sums of windows that follow each other, each of WIDTH values, COUNT of them and no more than WIDTH. */
template <int WIDTH, int COUNT> DEVICE void sum_together(const double *values, double *sums) {
  static_assert(COUNT > 1 && COUNT <= WIDTH, "something is in all of them");
  double common = values[COUNT - 1];
#pragma unroll
  for (int k = COUNT; k < WIDTH; k++) common += values[k];
  sums[COUNT - 1] = common;
#pragma unroll
  for (int k = COUNT - 2; k >= 0; k--) sums[k] = values[k] + sums[k + 1];
  double after = values[WIDTH];
  sums[1] += after;
#pragma unroll
  for (int k = 2; k < COUNT; k++) {
    after += values[WIDTH + k - 1];
    sums[k] += after;
  }
}

/** The same of any number, by groups. */
template <int WIDTH, int COUNT> DEVICE void sum_windows(const double *values, double *sums) {
  if constexpr (COUNT <= 4) {
    sum_together<WIDTH, COUNT>(values, sums);
  } else {
    constexpr int HALF = (COUNT + 1) / 2;
    sum_windows<WIDTH, HALF>(values, sums);
    sum_windows<WIDTH, COUNT - HALF>(values + HALF, sums + HALF);
  }
}

DEVICE double sum_line(const double *values, int count, int step) {
  double sum = 0;
  for (int k = 0; k < count; k++) sum += values[k * step];
  return sum;
}

/** Where a thread is amid the windows of four slices: its slice, and the first of its windows along y. */
template <int R> struct Place {
  int x, y, slice;
  bool is_amid;

  DEVICE explicit Place(const Window<R> &window)
      : x(threadIdx.x), y((threadIdx.y / AT_A_TIME) * Window<R>::RUN), slice(threadIdx.y % AT_A_TIME),
        is_amid((int)threadIdx.x < window.tile_x()) {}
};

/** From lines along x to sums of windows along x. */
template <int R> DEVICE void sum_along_x(BoxRoom<R> &room, const Window<R> &window) {
  const int t = threadIdx.y * REGION_X + threadIdx.x, line = t % BOX_LINES, part = t / BOX_LINES;
  if (line % REGION_Y >= window.rows()) return;
  if constexpr (R == ANY) {
    for (int x = part; x < window.tile_x(); x += LINE_PARTS)
      room.along_x[line][x] = sum_line(&room.along_z[line][x], 2 * window.radius(0) + 1, 1);
  } else {
    constexpr int RUN = Window<R>::TILE_X / LINE_PARTS, WIDTH = Window<R>::WIDTH;
    static_assert(RUN * LINE_PARTS == Window<R>::TILE_X, "a line has equal parts");
    double values[RUN + WIDTH - 1], sums[RUN];
#pragma unroll
    for (int k = 0; k < RUN + WIDTH - 1; k++) values[k] = room.along_z[line][part * RUN + k];
    sum_windows<WIDTH, RUN>(values, sums);
#pragma unroll
    for (int k = 0; k < RUN; k++) room.along_x[line][part * RUN + k] = sums[k];
  }
}

/** From sums along x to those of a thread's windows. */
template <int R>
DEVICE void sum_along_y(const BoxRoom<R> &room, const Window<R> &window, const Place<R> &place,
                        double (&sums)[Window<R>::RUN]) {
  constexpr int RUN = Window<R>::RUN;
  const double *first = &room.along_x[place.slice * REGION_Y + place.y][place.x];
  const int step = Window<R>::TILE_X + 1;
  if constexpr (R == ANY) {
#pragma unroll
    for (int k = 0; k < RUN; k++) sums[k] = sum_line(first + k * step, 2 * window.radius(1) + 1, step);
  } else {
    constexpr int WIDTH = Window<R>::WIDTH;
    double values[RUN + WIDTH - 1];
#pragma unroll
    for (int k = 0; k < RUN + WIDTH - 1; k++) values[k] = first[k * step];
    sum_windows<WIDTH, RUN>(values, sums);
  }
}

/**
 * Sums over the boxes of a thread's windows; `along_z` gives those along z of one of its samples of the region, for four
 * slices. All threads come; those off the tile get none.
 */
template <int R, class AlongZ>
DEVICE void sum_boxes(BoxRoom<R> &room, const Window<R> &window, const Place<R> &place, const AlongZ &along_z,
                      double (&sums)[Window<R>::RUN]) {
#pragma unroll
  for (int k = 0; k < ROWS_OF_THREAD; k++) {
    const int row = threadIdx.y + k * (THREADS / REGION_X);
    if (row >= window.rows()) continue;
    double slices[AT_A_TIME];
    along_z(k, slices);
#pragma unroll
    for (int s = 0; s < AT_A_TIME; s++) room.along_z[s * REGION_Y + row][threadIdx.x] = slices[s];
  }
  barrier();
  sum_along_x(room, window);
  barrier();
  if (place.is_amid) sum_along_y(room, window, place, sums);
}
