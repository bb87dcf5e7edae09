#pragma once

#include "boundary.h"
#include "pixels.h"
#include "position.h"
#include "weights.h"

/** Writes one value to each plane where there is only the fill value. By value: see sample_linear. */
template <class Real>
OUT_OF_LINE void store_fill(Source source, Rules rules, Output output, int64_t at) {
  const int planes = source.channels * (rules.gradient ? 1 + source.dims : 1);
  for (int p = 0; p < planes; p++)
    store<Real>(output.address, output.pixel, at + p * output.plane_stride,
                (Real)(p < source.channels ? rules.fill : rules.flat));
}

/** Of no sample. */
#define OFF INT64_MIN

/** One tap; its derivative is 0. */
template <class Real> struct Nearest {
  static DEVICE void sample(const Source &source, const Rules &rules, const Point &p, const Output &output,
                            int64_t at) {
    const double position[3] = {p.x, p.y, p.z};
    const int64_t stride[3] = {1, source.row_stride, source.slice_stride};
    int64_t offset = 0;
    for (int a = 0; a < source.dims; a++) {
      double x = position[a];
      const int n = source.size[a];
      if (!settle<true>(x, n, 0, rules)) return store_fill<Real>(source, rules, output, at);
      const int index = fold_index((int)(rules.interpolator == NEAREST ? floor(x + 0.5) : rint(x)), n, rules.fold);
      offset = index < 0 || offset == OFF ? OFF : offset + index * stride[a];
    }
    for (int c = 0; c < source.channels; c++) {
      const Real value = offset == OFF ? (Real)rules.fill
                                       : load<Real>(source.address, source.pixel, c * source.channel_stride + offset);
      store_here(output.address, output.pixel, at + c * output.plane_stride, value);
    }
    for (int p = source.channels; rules.gradient && p < source.channels * (1 + source.dims); p++)
      store(output.address, output.pixel, at + p * output.plane_stride, Real(0));
  }
};

/** The taps of all axes, and which sample each reads; -1 is the fill value. */
template <class Real, int SUPPORT> struct Reach {
  Taps<Real, SUPPORT> axes[3];
  int index[3][SUPPORT];
};

template <class Real, int SUPPORT>
OUT_OF_LINE bool fill_reach(Reach<Real, SUPPORT> &reach, const Source &source, const Rules &rules, const Point &p) {
  const double position[3] = {p.x, p.y, p.z};
#pragma unroll 1
  for (int a = 0; a < source.dims; a++) {
    double x = position[a];
    const int n = source.size[a];
    if (!settle<false>(x, n - 2 * source.margin, source.margin, rules)) return false;
    Taps<Real, SUPPORT> &taps = reach.axes[a];
    fill_taps(taps, x + source.margin, n, rules.interpolator);
    const bool within = taps.first >= 0 && taps.first + SUPPORT <= n;
#pragma unroll
    for (int k = 0; k < SUPPORT; k++)
      reach.index[a][k] = within ? taps.first + k : fold_index(taps.first + k, n, rules.fold);
  }
  return true;
}

/**
 * A sample for a weighted sum. Kernels of more than two taps are given float32 or float64 samples, as they compute;
 * with a branch per tap for every type they would be several times as long.
 */
template <class Real, int SUPPORT> DEVICE Real tap(const Source &source, int64_t at) {
  if (SUPPORT > 2) return read((const Real *)source.address + at);
  return load<Real>(source.address, source.pixel, at);
}

/** Of two samples: of equal ones exactly their value, at the first exactly that. */
template <class Real> DEVICE Real within_cell(Real a, Real b, Real t) { return fused(b - a, t, a); }
/** At the second too. */
template <class Real> DEVICE Real between(Real a, Real b, Real t) { return t == 1 ? b : within_cell(a, b, t); }

/** Sums of samples by the weights of every axis. */
template <class Real, int SUPPORT> struct Weighted {
  static DEVICE void sample(const Source &source, const Rules &rules, const Point &p, const Output &output,
                                 int64_t at) {
    Reach<Real, SUPPORT> reach;
    if (!fill_reach(reach, source, rules, p)) return store_fill<Real>(source, rules, output, at);
    const int planes = rules.gradient ? 1 + source.dims : 1;
    for (int plane = 0; plane < planes; plane++) {
      for (int c = 0; c < source.channels; c++) {
        const Real value = value_of(source, rules, reach, c, plane - 1);
        store(output.address, output.pixel, at + (plane * source.channels + c) * output.plane_stride, value);
      }
    }
  }

  /** With the slopes in place of the weights on `axis`, if that is one. */
  static DEVICE Real value_of(const Source &source, const Rules &rules, const Reach<Real, SUPPORT> &reach, int channel,
                              int axis) {
    if (SUPPORT == 2) {
      const Real value = between_all(source, rules, reach, channel, axis);
      if (value == value) return value; // no number: a sample that weighs nothing may be none, or infinite
    }
    return weigh(source, rules, reach, channel, axis);
  }

  static DEVICE Real sample_at(const Source &source, const Rules &rules, int channel, int x, int y, int z) {
    if (x < 0 || y < 0 || z < 0) return (Real)rules.fill;
    const int64_t row = z * source.slice_stride + y * source.row_stride;
    return tap<Real, SUPPORT>(source, channel * source.channel_stride + row + x);
  }

  /** What weighs nothing is not read, so that an exact hit beside a NaN stays exact. */
  static DEVICE Real weigh(const Source &source, const Rules &rules, const Reach<Real, SUPPORT> &reach, int channel,
                           int axis) {
    const bool deep = source.dims == 3;
    Real sum = 0;
    for (int k = 0; k < (deep ? SUPPORT : 1); k++) {
      const Real wz = !deep ? Real(1) : axis == 2 ? reach.axes[2].slope[k] : reach.axes[2].weight[k];
      for (int j = 0; j < SUPPORT; j++) {
        const Real outer = wz * (axis == 1 ? reach.axes[1].slope[j] : reach.axes[1].weight[j]);
        if (outer == 0) continue;
        Real along = 0;
#pragma unroll
        for (int i = 0; i < SUPPORT; i++) {
          const Real wx = axis == 0 ? reach.axes[0].slope[i] : reach.axes[0].weight[i];
          if (wx == 0) continue;
          along += wx * sample_at(source, rules, channel, reach.index[0][i], reach.index[1][j],
                                  deep ? reach.index[2][k] : 0);
        }
        sum += outer * along;
      }
    }
    return sum;
  }

  /** The same of two taps per axis, axis by axis, so that what is constant stays so to the bit. */
  static DEVICE Real between_all(const Source &source, const Rules &rules, const Reach<Real, SUPPORT> &reach,
                                 int channel, int axis) {
    const bool deep = source.dims == 3;
    const Real tx = reach.axes[0].weight[1], ty = reach.axes[1].weight[1];
    Real planes[2] = {0, 0};
    for (int k = 0; k < (deep ? 2 : 1); k++) {
      Real rows[2];
      for (int j = 0; j < 2; j++) {
        const int y = reach.index[1][j], z = deep ? reach.index[2][k] : 0;
        const Real a = sample_at(source, rules, channel, reach.index[0][0], y, z);
        const Real b = sample_at(source, rules, channel, reach.index[0][1], y, z);
        rows[j] = axis == 0 ? b - a : between(a, b, tx);
      }
      planes[k] = axis == 1 ? rows[1] - rows[0] : between(rows[0], rows[1], ty);
    }
    if (!deep) return planes[0];
    return axis == 2 ? planes[1] - planes[0] : between(planes[0], planes[1], reach.axes[2].weight[1]);
  }
};

/** The value whose linear weights sum to most, of equals the smallest; its derivative is 0. */
struct Label {
  static OUT_OF_LINE void sample(const Source &source, const Rules &rules, const Point &p, const Output &output,
                            int64_t at) {
    Reach<double, 2> reach;
    if (!fill_reach(reach, source, rules, p)) return store_fill<double>(source, rules, output, at);
    for (int c = 0; c < source.channels; c++)
      store(output.address, output.pixel, at + c * output.plane_stride, vote(source, rules, reach, c));
    for (int p = source.channels; rules.gradient && p < source.channels * (1 + source.dims); p++)
      store(output.address, output.pixel, at + p * output.plane_stride, 0.0);
  }

  static DEVICE bool same(double a, double b) { return a == b || (a != a && b != b); }

  static DEVICE double vote(const Source &source, const Rules &rules, const Reach<double, 2> &reach, int channel) {
    double label[8], weight[8];
    int count = 0;
    for (int k = 0; k < (source.dims == 3 ? 2 : 1); k++) {
      for (int j = 0; j < 2; j++) {
        for (int i = 0; i < 2; i++) {
          const double w = reach.axes[0].weight[i] * reach.axes[1].weight[j] *
                           (source.dims == 3 ? reach.axes[2].weight[k] : 1);
          if (!(w > 0)) continue;
          const int x = reach.index[0][i], y = reach.index[1][j], z = source.dims == 3 ? reach.index[2][k] : 0;
          const int64_t offset = z * source.slice_stride + y * source.row_stride + x;
          const double value = x < 0 || y < 0 || z < 0 ? rules.fill
                                                       : load<double>(source.address, source.pixel,
                                                                      channel * source.channel_stride + offset);
          int at = 0;
          while (at < count && !same(label[at], value)) at++;
          if (at == count) {
            label[count] = value;
            weight[count++] = 0;
          }
          weight[at] += w;
        }
      }
    }
    return most(label, weight, count);
  }

  static DEVICE double most(const double *label, const double *weight, int count) {
    double winner = NAN, best = 0;
    for (int at = 0; at < count; at++) {
      if (weight[at] < best || (weight[at] == best && !(label[at] < winner))) continue;
      winner = label[at];
      best = weight[at];
    }
    return winner;
  }
};

/** Linear at any position. By value, so that who calls it seldom keeps its parameters where they are. */
OUT_OF_LINE void sample_linear(Source source, Rules rules, Point p, Output output, int64_t at) {
  Weighted<float, 2>::sample(source, rules, p, output, at);
}

/**
 * A cell of a volume, each number plus SPLIT_HIGH: the upper half of a position's sum with SPLIT. Where a position is below 0
 * or far beyond, it is none that has_cell takes.
 */
struct Cell {
  uint32_t x, y, z;
  float tx, ty, tz;
};

DEVICE void split(double x, uint32_t &cell, float &t) {
  const int64_t bits = bits_of(plus(x, SPLIT));
  cell = (uint32_t)(bits >> 32);
  t = fraction_of(bits);
}

DEVICE Cell cell_of(const Point &p) {
  Cell cell;
  split(p.x, cell.x, cell.tx);
  split(p.y, cell.y, cell.ty);
  split(p.z, cell.z, cell.tz);
  return cell;
}

/** Has a volume such a cell, and do its slices' bytes fit in 32 bits? Positions below 0 that are rounded to it do not count. */
DEVICE bool has_cell(const Source &source, const Point &p, const Cell &cell) {
  const int64_t signs = bits_of(p.x) | bits_of(p.y) | bits_of(p.z);
  return cell.x - SPLIT_HIGH < (uint32_t)source.size[0] - 1 && cell.y - SPLIT_HIGH < (uint32_t)source.size[1] - 1 &&
         cell.z - SPLIT_HIGH < (uint32_t)source.size[2] - 1 && signs >= 0 && (uint64_t)source.slice_stride < (1u << 29);
}

/** A channel's samples as the corners of cells are found in them, by bytes. */
template <class T> struct CellsOf {
  /** Where the cell of number 0 would lie; it wraps around. */
  uint64_t origin;
  uint32_t row, slice;

  DEVICE CellsOf(const Source &source, int channel) {
    row = keep((uint32_t)source.row_stride * (uint32_t)sizeof(T));
    slice = keep((uint32_t)source.slice_stride * (uint32_t)sizeof(T));
    const uint64_t first = source.address + channel * source.channel_stride * sizeof(T);
    origin = keep(first - SPLIT_HIGH * ((uint64_t)sizeof(T) + row + slice));
  }

  DEVICE float linear(const Cell &cell) const {
    const uint64_t corner = times_plus(cell.z, slice, times_plus(cell.y, row, times_plus(cell.x, sizeof(T), origin)));
    const float front = between_rows(corner, cell), back = between_rows(corner + slice, cell);
    return within_cell(front, back, cell.tz);
  }

  DEVICE float between_rows(uint64_t corner, const Cell &cell) const {
    const T *one = (const T *)corner, *other = (const T *)(corner + row);
    return within_cell(within_cell<float>(read(one), read(one + 1), cell.tx),
                       within_cell<float>(read(other), read(other + 1), cell.tx), cell.ty);
  }
};

/** Linear, with plain loads where all of them are samples; elsewhere, and with a gradient, as any weighted sum. */
template <class T> struct LinearOf {
  static DEVICE void sample(const Source &source, const Rules &rules, const Point &p, const Output &output,
                            int64_t at) {
    const Cell cell = cell_of(p);
    if (!has_cell(source, p, cell) || rules.gradient) return sample_linear(source, rules, p, output, at);
    for (int c = 0; c < source.channels; c++) {
      const float value = CellsOf<T>(source, c).linear(cell);
      if (!(value == value)) return sample_linear(source, rules, p, output, at);
      store_here(output.address, output.pixel, at + c * output.plane_stride, value);
    }
  }
};
