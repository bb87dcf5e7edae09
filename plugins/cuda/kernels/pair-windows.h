#pragma once

#include "local.h"
#include "pair-region.h"

// What windows say: sums of moments over boxes are judged, or, where they are in doubt, the samples are looked at one by one.
// Moments are float64, of values less their shift.

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

/** What the samples of the region are, of which windows of four slices are made: how many threads say so. */
struct Findings {
  uint32_t missing, rough_f, rough_m;

  DEVICE void add(const Seen &seen) {
    if (seen.is_missing) add_part(&missing, 1);
    if (seen.f != 0) add_part(&rough_f, 1);
    if (seen.m != 0) add_part(&rough_m, 1);
  }
};

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

/** A thread's windows of one slice, one below the other. */
struct Run {
  int x, y, z;
  /** Do all samples of all windows count, and is one of the images constant in all? */
  bool are_all, is_flat;
};

/** Judges a thread's windows by their moments; of the last moment 1 / what it is, where not all samples count. */
template <int COUNT>
DEVICE void judge_run(const PairValues &values, const PairWindows &all, const Run &run, double whole_share,
                      const double (&sums)[MOMENT_COUNT][COUNT], double (&total)[WINDOW_SUMS]) {
  if (!is_in(all.judged, 0, run.x) || !is_in(all.judged, 2, run.z)) return;
  const int64_t row = values.at(run.x, run.y, run.z);
  const int low = all.judged.low[1] - run.y, high = all.judged.high[1] - run.y;
  uint32_t in_doubt = 0;
#pragma unroll
  for (int k = 0; k < COUNT; k++) {
    if (k < low || k >= high) continue;
    const int64_t at = row + k * values.row;
    Verdict verdict;
    const bool counts = run.are_all || values.counts(at);
    total[0] += counts;
    if (counts && !run.is_flat) {
      const double moments[MOMENT_COUNT] = {sums[SUM_F][k],  sums[SUM_M][k],  sums[SUM_FF][k],
                                            sums[SUM_MM][k], sums[SUM_FM][k], 0};
      const double share = run.are_all ? whole_share : sums[SUM_ONE][k];
      if (!judge_sums(moments, share, all, verdict)) in_doubt |= 1u << k;
    }
    take_verdict(all, at, verdict, total);
  }
#pragma unroll 1
  for (int k = 0; k < COUNT && in_doubt >> k != 0; k++)
    if (in_doubt >> k & 1)
      take_verdict(all, row + k * values.row, examine_box(values, all, run.x, run.y + k, run.z), total);
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
  const Line lines[ROWS_OF_THREAD] = {line_of(values, all.there, tile, window, 0),
                                      line_of(values, all.there, tile, window, 1)};
  const Line line_of_first(values, all.there, tile.x, tile.y);
  double total[WINDOW_SUMS] = {0, 0};
  if (t == 0) room.findings[0] = {0, 0, 0};
  barrier();
#pragma unroll 1
  for (int n = 0; n < TILE_Z / AT_A_TIME; n++) {
    const int first = tile.z + n * AT_A_TIME;
    Findings &findings = room.findings[n % 2];
    Samples<R> samples;
    findings.add(samples.load(values, all, lines, window, first, both_at(values, all, line_of_first, first)));
    barrier();
    const Run run = {tile.x + place.x, tile.y + place.y, first + place.slice, findings.missing == 0,
                     findings.rough_f == 0 || findings.rough_m == 0};
    // Those of the slices after these: nobody looks at them before the next barrier.
    if (t == 0) room.findings[1 - n % 2] = {0, 0, 0};
    double sums[MOMENT_COUNT][RUN];
    const auto sum = [&](int moment) {
      const auto along_z = [&](int row, double (&slices)[AT_A_TIME]) { samples.sum_moment(moment, all, row, slices); };
      sum_boxes(room.boxes, window, place, along_z, sums[moment]);
    };
    if (run.is_flat) {
      barrier();
    } else {
#pragma unroll
      for (int moment = SUM_F; moment < SUM_ONE; moment++) sum(moment);
      if (!run.are_all) {
        sum(SUM_ONE);
        if (place.is_amid)
#pragma unroll
          for (int k = 0; k < RUN; k++) sums[SUM_ONE][k] = 1 / sums[SUM_ONE][k];
      }
    }
    if (place.is_amid) judge_run(values, all, run, whole_share, sums, total);
  }
  barrier();
  for (int k = 0; k < WINDOW_SUMS; k++) room.partial.of[k][t] = total[k];
  if (tile.is_own) add_up(room.partial, (double *)all.rows + tile.row * WINDOW_SUMS, WINDOW_SUMS, t);
}
