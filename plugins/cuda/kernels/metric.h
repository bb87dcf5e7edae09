#pragma once

#include "launch.h"
#include "parameters.h"

// Sums are partitioned the same way on every device: thread t of a fixed number adds samples t, t + threads, ... in
// order, and rows of sums are added in order. So the same call has the same bits.

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
    counts = counts && is_finite(fixed[c * planes.count + n]) && is_finite(moving[c * planes.count + n]);
  ((double *)planes.valid)[n] = counts;
  if (counts) return;
  for (int c = 0; c < planes.channels; c++) fixed[c * planes.count + n] = 0;
  for (int p = 0; p < planes.channels * (planes.gradient ? 1 + planes.dims : 1); p++) moving[p * planes.count + n] = 0;
}

#define MOMENTS 9

/** Of one channel: samples, f, m, f f, m m, f m, less their means; (m - f)^2, |f|, |m|, as they are. */
DEVICE void sum_moments(const Planes &planes, const Channel &channel, const Sums &sums) {
  const int64_t t = thread_index();
  if (t >= sums.threads) return;
  const double *fixed = (const double *)planes.fixed + channel.channel * planes.count;
  const double *moving = (const double *)planes.moving + channel.channel * planes.count;
  const double *valid = (const double *)planes.valid;
  double sum[MOMENTS] = {0, 0, 0, 0, 0, 0, 0, 0, 0};
  for (int64_t n = t; n < planes.count; n += sums.threads) {
    if (valid[n] == 0) continue;
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
  }
  for (int k = 0; k < MOMENTS; k++) ((double *)sums.address)[t * MOMENTS + k] = sum[k];
}

/**
 * Turns the gradient of a channel into its part of the cotangent: slope times d/dx, d/dy, d/dz, added to what the
 * channels before it left in the planes of channel 0.
 */
DEVICE void add_cotangents(const Planes &planes, const Channel &channel) {
  const int64_t n = thread_index();
  if (n >= planes.count) return;
  const int c = channel.channel;
  double *moving = (double *)planes.moving;
  const double f = ((const double *)planes.fixed)[c * planes.count + n] - channel.fixed_mean;
  const double m = moving[c * planes.count + n] - channel.moving_mean;
  const bool counts = ((const double *)planes.valid)[n] != 0;
  const double slope = counts ? channel.fixed_factor * f + channel.moving_factor * m : 0;
  for (int a = 0; a < planes.dims; a++) {
    double *into = moving + (1 + a) * planes.channels * planes.count + n;
    const double part = slope * into[c * planes.count];
    into[0] = c == 0 ? part : into[0] + part;
  }
}

#define AFFINE_SUMS 12

/** Sums of cotangent times [index; 1] over the voxels of a grid: row-major 3 x 4. */
DEVICE void sum_affine(const Planes &planes, const Output &sites, const Sums &sums) {
  const int64_t t = thread_index();
  if (t >= sums.threads) return;
  const double *cotangent = (const double *)planes.moving + planes.channels * planes.count;
  const double *points = (const double *)sites.address;
  double sum[AFFINE_SUMS] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  for (int64_t n = t; n < planes.count; n += sums.threads) {
    double index[4] = {0, 0, 0, 1};
    if (points != 0) {
      for (int a = 0; a < planes.dims; a++) index[a] = points[n * planes.dims + a];
    } else {
      const int64_t row = n / sites.size[0];
      index[0] = (double)(n - row * sites.size[0]);
      index[1] = (double)(row % sites.size[1]);
      index[2] = (double)(row / sites.size[1]);
    }
    for (int r = 0; r < planes.dims; r++) {
      const double c = cotangent[(int64_t)r * planes.channels * planes.count + n];
      for (int k = 0; k < 4; k++) sum[4 * r + k] += c * index[k];
    }
  }
  for (int k = 0; k < AFFINE_SUMS; k++) ((double *)sums.address)[t * AFFINE_SUMS + k] = sum[k];
}

/** One thread per column of a group. */
DEVICE void add_rows(const Rows &rows) {
  const int64_t t = thread_index();
  const int64_t group = t / rows.columns, column = t % rows.columns;
  if (group * rows.group >= rows.rows) return;
  double sum = 0;
  for (int64_t r = group * rows.group; r < rows.rows && r < (group + 1) * rows.group; r++)
    sum += ((const double *)rows.from)[r * rows.columns + column];
  ((double *)rows.to)[t] = sum;
}
