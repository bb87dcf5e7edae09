#pragma once

#include "launch.h"
#include "parameters.h"
#include "position.h"

// Sums are partitioned the same way on every device, however many samples are there at a time: the samples of a row are
// added by one block of threads in a fixed order, and rows in order. So the same call has the same bits.

DEVICE int64_t thread_index() { return (int64_t)blockIdx.x * blockDim.x + threadIdx.x; }
DEVICE bool is_finite(double x) { return fabs(x) < INFINITY; }

/** A sample counts where both masks are set and every value is finite; what does not count becomes 0. */
DEVICE void validate(const Planes &planes) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  double *fixed = (double *)planes.fixed, *moving = (double *)planes.moving;
  bool counts = (planes.fixed_mask == 0 || ((const double *)planes.fixed_mask)[n] != 0) &&
                (planes.moving_mask == 0 || ((const double *)planes.moving_mask)[n] != 0);
  for (int c = 0; c < planes.channels; c++)
    counts = counts && is_finite(fixed[c * planes.stride + n]) && is_finite(moving[c * planes.stride + n]);
  ((double *)planes.valid)[n] = counts;
  if (counts) return;
  for (int c = 0; c < planes.channels; c++) fixed[c * planes.stride + n] = 0;
  for (int p = 0; p < planes.channels * (planes.gradient ? 1 + planes.dims : 1); p++) moving[p * planes.stride + n] = 0;
}

/** What the threads of a block have summed, by column. */
template <int COLUMNS> struct Partial {
  double of[COLUMNS][THREADS];
};

/** Threads that add up a column. */
#define STRIPS 16

/** Adds up, in a fixed order, what all threads have in some columns. All threads come. */
template <int COLUMNS> DEVICE void add_up(Partial<COLUMNS> &partial, double *row, int count, int t) {
  static_assert(COLUMNS * STRIPS <= THREADS, "a thread for every strip");
  const int column = t / STRIPS;
  barrier();
  if (column < count) {
    double strip = 0;
    for (int n = t % STRIPS; n < THREADS; n += STRIPS) strip += partial.of[column][n];
    partial.of[column][t % STRIPS] = strip;
  }
  barrier();
  if (t >= count) return;
  double whole = 0;
  for (int n = 0; n < STRIPS; n++) whole += partial.of[t][n];
  row[t] = whole;
}

/** Adds up what the threads have into the block's row. */
template <int COLUMNS> DEVICE void sum_block(Partial<COLUMNS> &partial, const double (&sum)[COLUMNS], const Sums &sums) {
  for (int k = 0; k < COLUMNS; k++) partial.of[k][threadIdx.x] = sum[k];
  add_up(partial, (double *)sums.address + (int64_t)blockIdx.x * COLUMNS, COLUMNS, threadIdx.x);
}

/** The samples of a block's row, neighbours by neighbouring threads. */
template <class Visit> DEVICE void visit_row(const Sums &sums, int64_t count, const Visit &visit) {
  const int64_t first = blockIdx.x * sums.samples, end = first + sums.samples < count ? first + sums.samples : count;
  for (int64_t n = first + threadIdx.x; n < end; n += THREADS) visit(n);
}

#define MOMENTS 9

/** Of one channel: samples, f, m, f f, m m, f m, less their means; (m - f)^2, |f|, |m|, as they are. */
DEVICE void sum_moments(const Planes &planes, const Channel &channel, const Sums &sums) {
  SHARED(Partial<MOMENTS>, partial);
  const double *fixed = (const double *)planes.fixed + channel.channel * planes.stride;
  const double *moving = (const double *)planes.moving + channel.channel * planes.stride;
  const double *valid = (const double *)planes.valid;
  double sum[MOMENTS] = {0, 0, 0, 0, 0, 0, 0, 0, 0};
  visit_row(sums, planes.count, [&](int64_t n) {
    if (valid[n] == 0) return;
    const double f = fixed[n] - channel.fixed_mean, m = moving[n] - channel.moving_mean;
    const double difference = moving[n] - fixed[n];
    sum[0] += 1;
    sum[1] += f;
    sum[2] += m;
    sum[3] += f * f;
    sum[4] += m * m;
    sum[5] += f * m;
    sum[6] += difference * difference;
    sum[7] += fabs(fixed[n]);
    sum[8] += fabs(moving[n]);
  });
  sum_block(partial, sum, sums);
}

/**
 * Turns the gradient of a channel into its part of the cotangent: slope times d/dx, d/dy, d/dz, added to what the
 * channels before it left in the planes of channel 0.
 */
DEVICE void add_cotangent(const Planes &planes, int channel, int64_t n, double slope) {
  double *moving = (double *)planes.moving;
  for (int a = 0; a < planes.dims; a++) {
    double *into = moving + (1 + a) * planes.channels * planes.stride + n;
    const double part = slope * into[channel * planes.stride];
    into[0] = channel == 0 ? part : into[0] + part;
  }
}

DEVICE void add_cotangents(const Planes &planes, const Channel &channel) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  const int64_t at = channel.channel * planes.stride + n;
  const double f = ((const double *)planes.fixed)[at] - channel.fixed_mean;
  const double m = ((const double *)planes.moving)[at] - channel.moving_mean;
  const bool counts = ((const double *)planes.valid)[n] != 0;
  add_cotangent(planes, channel.channel, n, counts ? channel.fixed_factor * f + channel.moving_factor * m : 0);
}

/** Where sample n of all lies in the fixed index space: in a list whose address the output has, or on a grid of its size. */
DEVICE Point site_of(const Output &sites, int64_t n, int dims) {
  if (sites.address != 0) {
    const double *at = (const double *)sites.address + n * dims;
    return {at[0], at[1], dims == 3 ? at[2] : 0};
  }
  const int64_t row = n / sites.size[0];
  return {(double)(n - row * sites.size[0]), (double)(row % sites.size[1]), (double)(row / sites.size[1])};
}

DEVICE double cotangent_of(const Planes &planes, int axis, int64_t n) {
  return ((const double *)planes.moving)[(1 + axis) * planes.channels * planes.stride + n];
}

#define AFFINE_SUMS 15

/** Sums of cotangent times [index; 1], row-major 3 x 4, and of the cotangents' absolute values. */
DEVICE void sum_affine(const Planes &planes, const Output &sites, const Sums &sums) {
  SHARED(Partial<AFFINE_SUMS>, partial);
  double sum[AFFINE_SUMS] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  visit_row(sums, planes.count, [&](int64_t n) {
    const Point site = site_of(sites, planes.first + n, planes.dims);
#pragma unroll
    for (int r = 0; r < 3; r++) {
      if (r >= planes.dims) return;
      const double c = cotangent_of(planes, r, n);
      sum[4 * r] += c * site.x;
      sum[4 * r + 1] += c * site.y;
      sum[4 * r + 2] += c * site.z;
      sum[4 * r + 3] += c;
      sum[12 + r] += fabs(c);
    }
  });
  sum_block(partial, sum, sums);
}

/** Adds each sample's cotangent to the coefficients that its displacement comes from. */
DEVICE void add_to_lattice(const Planes &planes, const Output &sites, const Step &step, const Scatter &into) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  const int dims = planes.dims, support = step.order + 1;
  double cotangent[3] = {0, 0, 0}, vector[3];
  for (int r = 0; r < dims; r++) cotangent[r] = cotangent_of(planes, r, n);
  if (cotangent[0] == 0 && cotangent[1] == 0 && cotangent[2] == 0) return;
  for (int d = 0; d < 3; d++)
    vector[d] = step.vectors[d] * cotangent[0] + step.vectors[3 + d] * cotangent[1] + step.vectors[6 + d] * cotangent[2];
  const Point there = apply_affine(step.lookup, site_of(sites, planes.first + n, dims));
  const double at[3] = {there.x, there.y, there.z};
  Stencil axes[3];
  for (int a = 0; a < dims; a++)
    if (!fill_stencil(axes[a], at[a], step.size[a], step.order, step.outside)) return;
  const int64_t nx = step.size[0], ny = step.size[1], plane = nx * ny * step.size[2];
  for (int k = 0; k < (dims == 3 ? support : 1); k++) {
    for (int j = 0; j < support; j++) {
      const int64_t row = ((dims == 3 ? axes[2].index[k] * ny : 0) + axes[1].index[j]) * nx;
      const double outer = axes[1].weight[j] * (dims == 3 ? axes[2].weight[k] : 1);
      for (int i = 0; i < support; i++) {
        const double weight = axes[0].weight[i] * outer * into.scale;
        for (int d = 0; d < dims; d++)
          add_whole((int64_t *)into.address + d * plane + row + axes[0].index[i], to_whole(weight * vector[d]));
      }
    }
  }
}

DEVICE void clear(const Scatter &sums) {
  const int64_t n = thread_index();
  if (n < sums.count) ((int64_t *)sums.address)[n] = 0;
}

/** Whole numbers become what they stand for. */
DEVICE void resolve(const Scatter &sums) {
  const int64_t n = thread_index();
  if (n < sums.count) ((double *)sums.address)[n] = (double)((const int64_t *)sums.address)[n] / sums.scale;
}

#define PADDING 2

/** From PADDING, at the smallest value, to bins - PADDING, at the largest. */
DEVICE double bin_position(double value, double min, double max, double width) {
  return (fmin(fmax(value, min), max) - min) / width + PADDING;
}

/** The largest value belongs to the last bin within the padding. */
DEVICE int bin_of(double position, int bins) {
  const int bin = (int)floor(position);
  return bin < bins - PADDING - 1 ? bin : bins - PADDING - 1;
}

/** The cubic B-spline, 0 from |s| = 2, and its slope. */
DEVICE double parzen(double s) {
  const double r = fabs(s);
  if (r >= 2) return 0;
  return r < 1 ? (4 + r * r * (3 * r - 6)) / 6 : (2 - r) * (2 - r) * (2 - r) / 6;
}
DEVICE double parzen_slope(double s) {
  const double r = fabs(s);
  if (r >= 2) return 0;
  const double slope = r < 1 ? r * (1.5 * r - 2) : -(2 - r) * (2 - r) / 2;
  return s < 0 ? -slope : slope;
}

/** The first of the four bins that a sample weighs in, and where its moving value lies; -1 where it does not count. */
DEVICE int first_bin(const Planes &planes, const Bins &bins, int64_t n, double &position) {
  if (((const double *)planes.valid)[n] == 0) return -1;
  const int64_t at = bins.channel * planes.stride + n;
  const double f = ((const double *)planes.fixed)[at], m = ((const double *)planes.moving)[at];
  const int row = bin_of(bin_position(f, bins.fixed_min, bins.fixed_max, bins.fixed_width), bins.bins);
  position = bin_position(m, bins.moving_min, bins.moving_max, bins.moving_width);
  return row * bins.bins + bin_of(position, bins.bins) - 1;
}

/** Cells of a histogram that a block keeps to itself: 64 bits each, in two parts of their own arrays. */
#define CELLS 4096

struct Cells {
  uint32_t low[CELLS], high[CELLS];
};

/** Shared memory adds 32 bits in one step, and 64 only by trying until nobody came between. */
DEVICE void add_to_cell(Cells &cells, int at, int64_t value) {
  const uint32_t low = (uint32_t)value, before = add_part(&cells.low[at], low);
  const uint32_t high = (uint32_t)((uint64_t)value >> 32) + (before + low < before);
  if (high != 0) add_part(&cells.high[at], high);
}

/**
 * A block counts in cells of its own, which are some of the table's, and adds them to the table at last: where most
 * samples are alike, as air is, all threads of all blocks would wait for one another at one number. Without cells they
 * add to the table.
 */
DEVICE void fill_histogram(const Planes &planes, const Bins &bins, const Sums &sums) {
  SHARED(Cells, cells);
  int64_t *table = (int64_t *)bins.table + bins.first_cell;
  for (int at = threadIdx.x; at < bins.cells; at += THREADS) cells.low[at] = cells.high[at] = 0;
  barrier();
  visit_row(sums, planes.count, [&](int64_t n) {
    double position;
    const int first = first_bin(planes, bins, n, position), column = first % bins.bins;
    if (first < 0) return;
    for (int k = 0; k < 4; k++) {
      const int cell = first + k - bins.first_cell;
      if (bins.cells > 0 && (cell < 0 || cell >= bins.cells)) continue;
      const int64_t weight = to_whole(bins.scale * parzen(position - (column + k)));
      if (bins.cells > 0) add_to_cell(cells, cell, weight);
      else add_whole(table + cell, weight);
    }
  });
  barrier();
  for (int at = threadIdx.x; at < bins.cells; at += THREADS) {
    const int64_t weight = (int64_t)((uint64_t)cells.high[at] << 32 | cells.low[at]);
    if (weight != 0) add_whole(table + at, weight);
  }
}

/** A moving value beyond the range counts as the end of it, flat. */
DEVICE void add_information(const Planes &planes, const Bins &bins) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  double position, slope = 0;
  const int first = first_bin(planes, bins, n, position);
  const double m = ((const double *)planes.moving)[bins.channel * planes.stride + n];
  if (first >= 0 && m >= bins.moving_min && m <= bins.moving_max) {
    const int column = first % bins.bins;
    for (int k = 0; k < 4; k++)
      slope += bins.scale * parzen_slope(position - (column + k)) * ((const double *)bins.table)[first + k];
  }
  add_cotangent(planes, bins.channel, n, slope);
}
