#pragma once

#include "chunk-sums.h"
#include "pair-tiles.h"

// Slopes of samples: what windows say, summed over the boxes about them, and added up times the gradient and the position.

/** Of slopes times positions along each axis: of the thread's x, and of y, z and 1. */
struct WindowSlopes {
  double at[3], by_y[3], by_z[3];

  DEVICE void add_run(const Slopes &run, int y_end, int z) {
#pragma unroll
    for (int a = 0; a < 3; a++) {
      at[a] += run.at[a];
      by_y[a] += fused(y_end, run.at[a], -run.ahead[a]);
      by_z[a] = fused(z, run.at[a], by_z[a]);
    }
  }
  /** Of 3 x 4 sums of cotangent times [index; 1], row-major. */
  DEVICE double column(int which, int x) const {
    const int row = which / 4;
    switch (which % 4) {
      case 0: return x * at[row];
      case 1: return by_y[row];
      case 2: return by_z[row];
      default: return at[row];
    }
  }
};

/** A plane of what windows say, summed along z; windows that are not judged say nothing. */
template <int R, class T> struct Said {
  const T *plane;
  const Line (&lines)[ROWS_OF_THREAD];
  const Window<R> &window;
  int z;

  DEVICE double find(int row, int slice) const {
    const double said = read(plane + lines[row].at(slice));
    return lines[row].has(slice) ? said : 0;
  }
  DEVICE void operator()(int row, double (&sums)[AT_A_TIME]) const {
    if constexpr (R == ANY) {
#pragma unroll
      for (int s = 0; s < AT_A_TIME; s++) {
        sums[s] = 0;
        for (int k = -window.radius(2); k <= window.radius(2); k++) sums[s] += find(row, z + s + k);
      }
    } else {
      constexpr int DEPTH = AT_A_TIME + 2 * R;
      double said[DEPTH];
      const Line &line = lines[row];
      if (line.has(z - R, DEPTH)) {
        const T *begun = plane + (line.first + (int64_t)(z - R) * line.step);
#pragma unroll
        for (int s = 0; s < DEPTH; s++) said[s] = line.after(begun, s);
      } else {
#pragma unroll
        for (int s = 0; s < DEPTH; s++) said[s] = find(row, z - R + s);
      }
      sum_windows<Window<R>::WIDTH, AT_A_TIME>(said, sums);
    }
  }
};

template <int R> union SlopeRoom {
  BoxRoom<R> boxes;
  Partial<SLOPE_SUMS> partial;
};

/** What windows say of COUNT samples, summed. */
template <int COUNT> struct SaidOf {
  double a[COUNT], b[COUNT], c[COUNT];
};

/** What a thread looks for samples with. */
struct Looking {
  const Pair &pair;
  const AffineMap &map;
  const PairWindows &all;
  const PairValues &values;
  const Volume &volume;

  /** By what windows say of the sample. */
  DEVICE void add(float fixed, const Look &look, const SaidOf<1> &said, Slopes &run) const {
    const double f = fused(fixed, all.fixed_scale, all.fixed_offset);
    const double m = fused(look.value, all.moving_scale, all.moving_offset);
    run.add(fused(said.a[0], f, fused(-said.b[0], m, said.c[0])), look.slope);
  }
};

/** One of several that are in registers, which have no index. */
template <int COUNT> DEVICE double pick(const double (&values)[COUNT], int which) {
  double picked = values[0];
#pragma unroll
  for (int k = 1; k < COUNT; k++)
    if (which == k) picked = values[k];
  return picked;
}

/** Adds samples one below the other; false where some of them need a closer look, and none is added. */
template <int COUNT>
DEVICE bool add_at_once(const Looking &with, int x, int y, int z, const SaidOf<COUNT> &said, Slopes &run) {
  const double *matrix = with.map.matrix;
  const float *first = with.values.fixed + with.values.at(x, y, z);
  float fixed[COUNT];
  bool all = true;
#pragma unroll
  for (int k = 0; k < COUNT; k++) {
    fixed[k] = read(first + k * with.values.row);
    all = all && counts(fixed[k]);
  }
  Look looks[COUNT];
  const auto point_of = [&](int k) { return end_affine(matrix, begin_affine(matrix, x, y + k), z); };
  if (!all || !look_at_once<true>(with.pair.moving, with.volume, point_of, looks)) return false;
#pragma unroll
  for (int k = 0; k < COUNT; k++) {
    with.add(fixed[k], looks[k], {{said.a[k]}, {said.b[k]}, {said.c[k]}}, run);
    run.step();
  }
  return true;
}

/** Adds samples one below the other, those before `end`; a step for each of COUNT. */
template <int COUNT>
DEVICE void add_samples(const Looking &with, int x, int y, int z, int end, const SaidOf<COUNT> &said, Slopes &run) {
  if (with.pair.mask.address == 0 && y + COUNT <= end && add_at_once(with, x, y, z, said, run)) return;
#pragma unroll 1
  for (int k = 0; k < COUNT; k++) {
    const float fixed = y + k < end ? with.values.fixed_at(with.values.at(x, y + k, z)) : NAN;
    const Point there = apply_affine(with.map.matrix, {(double)x, (double)(y + k), (double)z});
    Look look;
    if (counts(fixed) && look_anywhere(with.pair, there, look))
      with.add(fixed, look, {{pick(said.a, k)}, {pick(said.b, k)}, {pick(said.c, k)}}, run);
    run.step();
  }
}

/** Adds up the slopes of a tile's samples times their positions, and leaves them in its row. */
template <int R> DEVICE void sum_tile_slopes(const Pair &pair, const AffineMap &map, const PairWindows &all) {
  constexpr int RUN = Window<R>::RUN, COUNT = RUN / 2;
  SHARED(SlopeRoom<R>, room);
  const Window<R> window(all.radius);
  const TileOrigin tile = tile_of(all, window);
  const Place<R> place(window);
  const PairValues values(pair.fixed, all);
  const Volume volume(pair.moving);
  const Looking with = {pair, map, all, values, volume};
  const Line lines[ROWS_OF_THREAD] = {line_of(values, all.judged, tile, window, 0),
                                      line_of(values, all.judged, tile, window, 1)};
  const int x = tile.x + place.x, y = tile.y + place.y;
  WindowSlopes total = {};
#pragma unroll 1
  for (int first = tile.z; first < tile.z + TILE_Z; first += AT_A_TIME) {
    const int z = first + place.slice;
    double a[RUN], b[RUN], c[RUN];
    sum_boxes(room.boxes, window, place, Said<R, float>{(const float *)all.a, lines, window, first}, a);
    sum_boxes(room.boxes, window, place, Said<R, float>{(const float *)all.b, lines, window, first}, b);
    sum_boxes(room.boxes, window, place, Said<R, double>{(const double *)all.c, lines, window, first}, c);
    if (!place.is_amid || !is_in(all.judged, 0, x) || !is_in(all.judged, 2, z)) continue;
    Slopes run = {};
#pragma unroll
    for (int k = 0; k < RUN; k += COUNT) {
      SaidOf<COUNT> said;
#pragma unroll
      for (int n = 0; n < COUNT; n++) {
        said.a[n] = a[k + n];
        said.b[n] = b[k + n];
        said.c[n] = c[k + n];
      }
      add_samples(with, x, y + k, z, all.judged.high[1], said, run);
    }
    total.add_run(run, y + RUN, z);
  }
  barrier();
  const int t = threadIdx.y * REGION_X + threadIdx.x;
#pragma unroll
  for (int k = 0; k < SLOPE_SUMS; k++) room.partial.of[k][t] = total.column(k, x);
  add_up(room.partial, (double *)all.rows + tile.row * SLOPE_SUMS, SLOPE_SUMS, t);
}
