#pragma once

#include "local.h"
#include "pair-boxes.h"
#include "pair.h"

// Local normalized correlation of two volumes under an affine: the moving image is sampled once into a plane; windows are
// judged, which leaves three planes of what they say of slopes; and sums of those over the boxes about a sample are its
// slope, by which the gradient there, looked for anew, is added up. Moments are float64, of values less their shift.

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

/**
 * A window's figure, and what it says of slopes: a f - b m + c, of values as they are summed. The first two are as they are
 * stored, so that the third, in which much of them cancels, is that of these.
 */
struct Verdict {
  double figure;
  float a, b;
  double c;

  /** Of the means of its values. */
  DEVICE Verdict(double figure, double steepness, double ratio, double f_mean, double m_mean)
      : figure(figure), a((float)steepness), b((float)(steepness * ratio)), c(fused(b, m_mean, -a * f_mean)) {}
  DEVICE Verdict() : figure(0), a(0), b(0), c(0) {}
};

/** Of the window about a sample that counts and whose sums are in doubt. */
DEVICE Verdict examine_box(const PairValues &values, const PairWindows &all, int x, int y, int z) {
  const int64_t middle = values.at(x, y, z);
  const auto visit_all = [&](auto visit) {
    for (int k = z - all.radius[2]; k <= z + all.radius[2]; k++)
      for (int j = y - all.radius[1]; j <= y + all.radius[1]; j++)
        for (int i = x - all.radius[0]; i <= x + all.radius[0]; i++)
          if (is_in(all.there, i, j, k)) visit(values.at(i, j, k));
  };
  const float f = values.fixed_at(middle);
  const double m = values.moving_at(middle);
  bool same_f = true, same_m = true;
  visit_all([&](int64_t n) {
    if (!values.counts(n)) return;
    same_f = same_f && values.fixed_at(n) == f;
    same_m = same_m && values.moving_at(n) == m;
  });
  if (same_f || same_m) return Verdict();
  const Correlation found = correlate(values, middle, visit_all);
  // Of the values as they are; those that are summed are larger by the scales, and less their shifts.
  const double f_mean = fused(f, all.fixed_scale, all.fixed_offset) + found.fixed_mean * all.fixed_scale;
  const double m_mean = fused(m, all.moving_scale, all.moving_offset) + found.moving_mean * all.moving_scale;
  const double steepness = found.steepness / all.fixed_scale / all.moving_scale;
  return Verdict(found.figure, steepness, found.ratio * all.fixed_scale / all.moving_scale, f_mean, m_mean);
}

/** Moments of the values that count, in the order in which they are summed; the number of them is seldom wanted. */
enum Moment { SUM_F, SUM_M, SUM_FF, SUM_MM, SUM_FM, SUM_ONE, MOMENT_COUNT };

DEVICE double moment_of(int moment, double f, double m, bool counts) {
  switch (moment) {
    case SUM_F: return f;
    case SUM_M: return m;
    case SUM_FF: return f * f;
    case SUM_MM: return m * m;
    case SUM_FM: return f * m;
    default: return counts;
  }
}

/** What the samples of the region are, of which windows of four slices are made: how many threads say so. */
struct Findings {
  uint32_t missing, rough_f, rough_m;
};

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

/** Where a thread's sample of a region lies, in the grid. */
template <int R> DEVICE int region_x(const TileOrigin &tile, const Window<R> &window) {
  return tile.x - window.radius(0) + (int)threadIdx.x;
}
template <int R> DEVICE int region_y(const TileOrigin &tile, const Window<R> &window, int row) {
  return tile.y - window.radius(1) + (int)threadIdx.y + row * (THREADS / REGION_X);
}

/** Values of a pair at a sample; what does not count is worth the shift. */
struct Both {
  float f;
  double m;
  bool counts;
};

DEVICE Both both_at(const PairValues &values, const PairWindows &all, const Line &line, int z) {
  const int64_t n = line.at(z);
  const float f = values.fixed_at(n);
  const double m = fused(values.moving_at(n), all.moving_scale, all.moving_offset);
  const bool counts = line.has(z) && ::counts(f) && is_finite(m);
  return {counts ? f : all.fixed_shift, counts ? m : 0, counts};
}

/** What is found of samples of which windows are made: whether some do not count, and bits in which values differ. */
struct Seen {
  bool is_missing;
  uint32_t f;
  uint64_t m;

  DEVICE void visit(const Both &here, const Both &reference) {
    if (here.counts) compare(here.f, here.m, reference);
    else is_missing = true;
  }
  DEVICE void compare(float f_here, double m_here, const Both &reference) {
    f |= bits_of(f_here) ^ bits_of(reference.f);
    m |= (uint64_t)(bits_of(m_here) ^ bits_of(reference.m));
  }
};

/** A thread's samples of the region, for the windows of four slices. */
template <int R> struct Samples {
  static const int DEPTH = AT_A_TIME + 2 * R;
  float f[ROWS_OF_THREAD][DEPTH];
  double m[ROWS_OF_THREAD][DEPTH];
  uint32_t counting[ROWS_OF_THREAD];

  DEVICE void load(const PairValues &values, const PairWindows &all, const Line (&lines)[ROWS_OF_THREAD],
                   const Window<R> &window, int z, const Both &reference, Seen &seen) {
#pragma unroll
    for (int k = 0; k < ROWS_OF_THREAD; k++) {
      counting[k] = ~0u;
      if (lines[k].has(z - R, DEPTH) && load_plain(values, all, lines[k], k, z - R, reference, seen)) continue;
      counting[k] = 0;
#pragma unroll
      for (int s = 0; s < DEPTH; s++) {
        const Both here = both_at(values, all, lines[k], z - R + s);
        f[k][s] = here.f;
        m[k][s] = here.m;
        counting[k] |= (uint32_t)here.counts << s;
        seen.visit(here, reference);
      }
    }
  }
  /** False where not all of them count. */
  DEVICE bool load_plain(const PairValues &values, const PairWindows &all, const Line &line, int k, int z,
                         const Both &reference, Seen &seen) {
    const int64_t begun = line.first + (int64_t)z * line.step;
    const float *fixed = values.fixed + begun;
    const double *moving = values.moving + begun;
    // What is no number leaves none.
    float f_zero = 0;
    double m_zero = 0;
#pragma unroll
    for (int s = 0; s < DEPTH; s++) {
      f[k][s] = line.after(fixed, s);
      m[k][s] = fused(line.after(moving, s), all.moving_scale, all.moving_offset);
      f_zero = fused(f[k][s], 0, f_zero);
      m_zero = fused(m[k][s], 0, m_zero);
      seen.compare(f[k][s], m[k][s], reference);
    }
    return f_zero == 0 && m_zero == 0;
  }
  DEVICE void sum_moment(int moment, const PairWindows &all, int row, double (&sums)[AT_A_TIME]) const {
    double moments[DEPTH];
#pragma unroll
    for (int s = 0; s < DEPTH; s++) {
      const double fixed = fused(f[row][s], all.fixed_scale, all.fixed_offset);
      moments[s] = moment_of(moment, fixed, m[row][s], counting[row] >> s & 1);
    }
    sum_windows<Window<R>::WIDTH, AT_A_TIME>(moments, sums);
  }
};

/** Of any radius they are read again for every moment. */
template <> struct Samples<ANY> {
  const PairValues *values;
  const Line *lines;
  int z, radius;

  DEVICE void load(const PairValues &pair, const PairWindows &all, const Line (&through)[ROWS_OF_THREAD],
                   const Window<ANY> &window, int first, const Both &reference, Seen &seen) {
    values = &pair;
    lines = through;
    z = first;
    radius = window.radius(2);
#pragma unroll
    for (int k = 0; k < ROWS_OF_THREAD; k++) {
      if ((int)threadIdx.y + k * (THREADS / REGION_X) >= window.rows()) continue;
      for (int s = -radius; s < AT_A_TIME + radius; s++) seen.visit(both_at(pair, all, through[k], first + s), reference);
    }
  }
  DEVICE void sum_moment(int moment, const PairWindows &all, int row, double (&sums)[AT_A_TIME]) const {
#pragma unroll
    for (int s = 0; s < AT_A_TIME; s++) {
      sums[s] = 0;
      for (int k = -radius; k <= radius; k++) {
        const Both here = both_at(*values, all, lines[row], z + s + k);
        sums[s] += moment_of(moment, fused(here.f, all.fixed_scale, all.fixed_offset), here.m, here.counts);
      }
    }
  }
};

/** Of a window whose sums are these, and 1 / the number of its samples that count; false where they are in doubt. */
DEVICE bool judge_sums(const double (&sums)[MOMENT_COUNT], double share, const PairWindows &all, Verdict &verdict) {
  const double f = sums[SUM_F] * share, m = sums[SUM_M] * share;
  // Means of squares and products, less those of the means.
  const double ff = fused(sums[SUM_FF], share, -f * f), mm = fused(sums[SUM_MM], share, -m * m);
  const double f_rounded = ROUNDED * all.fixed_offset * all.fixed_offset;
  const double m_rounded = ROUNDED * all.moving_offset * all.moving_offset;
  if (!(ff > fused(DOUBT * share, sums[SUM_FF], f_rounded) && mm > fused(DOUBT * share, sums[SUM_MM], m_rounded)))
    return false;
  const double fm = fused(sums[SUM_FM], share, -f * m), both = 1 / (ff * mm), inverse = ff * both;
  // fm / mm, corrected once: of an image and itself it is 1, and the slopes of its windows are 0.
  const double near = fm * inverse, ratio = fused(fused(-near, mm, fm), inverse, near);
  verdict = Verdict(fm * fm * both, 2 * fm * both * share, ratio, f, m);
  return true;
}

template <int R> struct JudgeRoom {
  union {
    BoxRoom<R> boxes;
    Partial<WINDOW_SUMS> partial;
  };
  Findings findings[2];
};

/** Stores what a window says, and adds its figure. */
DEVICE void take_verdict(const PairWindows &all, int64_t at, const Verdict &verdict, double (&total)[WINDOW_SUMS]) {
  total[1] += verdict.figure;
  if (all.a == 0) return;
  ((float *)all.a)[at] = verdict.a;
  ((float *)all.b)[at] = verdict.b;
  ((double *)all.c)[at] = verdict.c;
}

/** Judges the windows of a tile, and leaves their number and the sum of their figures in its row. */
template <int R> DEVICE void judge_tile(const Pair &pair, const PairWindows &all) {
  constexpr int RUN = Window<R>::RUN;
  SHARED(JudgeRoom<R>, room);
  const int t = threadIdx.y * REGION_X + threadIdx.x;
  const Window<R> window(all.radius);
  const TileOrigin tile = tile_of(all, window);
  const Place<R> place(window);
  const PairValues values(pair.fixed, all);
  const double whole = (2 * window.radius(0) + 1) * (2 * window.radius(1) + 1) * (2 * window.radius(2) + 1);
  const double whole_share = 1 / whole;
  const Line lines[ROWS_OF_THREAD] = {
      Line(values, all.there, region_x(tile, window), region_y(tile, window, 0)),
      Line(values, all.there, region_x(tile, window), region_y(tile, window, 1))};
  const Line line_of_first(values, all.there, tile.x, tile.y);
  double total[WINDOW_SUMS] = {0, 0};
  if (t == 0) room.findings[0] = {0, 0, 0};
  barrier();
#pragma unroll 1
  for (int n = 0; n < TILE_Z / AT_A_TIME; n++) {
    const int first = tile.z + n * AT_A_TIME;
    Findings &findings = room.findings[n % 2];
    const Both reference = both_at(values, all, line_of_first, first);
    Seen seen = {!reference.counts, !reference.counts, !reference.counts};
    Samples<R> samples;
    samples.load(values, all, lines, window, first, reference, seen);
    if (seen.is_missing) add_part(&findings.missing, 1);
    if (seen.f != 0) add_part(&findings.rough_f, 1);
    if (seen.m != 0) add_part(&findings.rough_m, 1);
    barrier();
    const bool are_all = findings.missing == 0, is_flat = findings.rough_f == 0 || findings.rough_m == 0;
    // Those of the slices after these: nobody looks at them before the next barrier.
    if (t == 0) room.findings[1 - n % 2] = {0, 0, 0};
    double sums[MOMENT_COUNT][RUN];
    const auto sum = [&](int moment) {
      const auto along_z = [&](int row, double (&slices)[AT_A_TIME]) { samples.sum_moment(moment, all, row, slices); };
      sum_boxes(room.boxes, window, place, along_z, sums[moment]);
    };
    if (is_flat) {
      barrier();
    } else {
      sum(SUM_F);
      sum(SUM_M);
      sum(SUM_FF);
      sum(SUM_MM);
      sum(SUM_FM);
      if (!are_all) {
        sum(SUM_ONE);
        if (place.is_amid)
#pragma unroll
          for (int k = 0; k < RUN; k++) sums[SUM_ONE][k] = 1 / sums[SUM_ONE][k];
      }
    }
    const int x = tile.x + place.x, z = first + place.slice;
    if (!place.is_amid || !is_in(all.judged, 0, x) || !is_in(all.judged, 2, z)) continue;
    const int64_t row = values.at(x, tile.y + place.y, z);
    const int low = all.judged.low[1] - tile.y - place.y, high = all.judged.high[1] - tile.y - place.y;
    uint32_t in_doubt = 0;
#pragma unroll
    for (int k = 0; k < RUN; k++) {
      if (k < low || k >= high) continue;
      const int64_t at = row + k * values.row;
      Verdict verdict;
      const bool counts = are_all || values.counts(at);
      total[0] += counts;
      if (counts && !is_flat) {
        const double moments[MOMENT_COUNT] = {sums[SUM_F][k],  sums[SUM_M][k],  sums[SUM_FF][k],
                                              sums[SUM_MM][k], sums[SUM_FM][k], 0};
        const double share = are_all ? whole_share : sums[SUM_ONE][k];
        if (!judge_sums(moments, share, all, verdict)) in_doubt |= 1u << k;
      }
      take_verdict(all, at, verdict, total);
    }
#pragma unroll 1
    for (int k = 0; k < RUN && in_doubt >> k != 0; k++)
      if (in_doubt >> k & 1)
        take_verdict(all, row + k * values.row, examine_box(values, all, x, tile.y + place.y + k, z), total);
  }
  barrier();
  for (int k = 0; k < WINDOW_SUMS; k++) room.partial.of[k][t] = total[k];
  if (tile.is_own) add_up(room.partial, (double *)all.rows + tile.row * WINDOW_SUMS, WINDOW_SUMS, t);
}

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
  const Line lines[ROWS_OF_THREAD] = {
      Line(values, all.judged, region_x(tile, window), region_y(tile, window, 0)),
      Line(values, all.judged, region_x(tile, window), region_y(tile, window, 1))};
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
