#pragma once

#include "metric.h"
#include "sample.h"

// Two images compared under an affine in one pass: what a thread reads of them goes into sums in its registers, and no
// value of a sample is stored. All is computed in float64, as in the planes of metric.h: the taps and the fixed value
// are float32 in memory and become float64 when they are read. By count the limit is how many instructions a device
// issues: of a sample with its derivative 109 for mean squares and 147 for the correlation, of which 52 and 69 are of
// float64 (sm_90, half the rate), beside 8 bytes that are read once. README.md has the account.

/** Adding it leaves a position's floor, a whole number, in the lower half of the bits. */
#define FLOOR 6755399441055744.0

/** A cell of a volume, counted from its first sample, and where a position lies in it. */
struct WideCell {
  uint32_t x, y, z;
  double tx, ty, tz;
};

/** |x| is below 2^31. */
DEVICE void split(double x, uint32_t &cell, double &t) {
  const double sum = plus_down(x, FLOOR);
  cell = (uint32_t)bits_of(sum);
  t = x - (sum - FLOOR);
}

DEVICE WideCell wide_cell_of(const Point &p) {
  WideCell cell;
  split(p.x, cell.x, cell.tx);
  split(p.y, cell.y, cell.ty);
  split(p.z, cell.z, cell.tz);
  return cell;
}

DEVICE bool is_amid(double x, int n) { return x >= 0 && x < n - 1; }

/** Has a volume all samples of the position's cell, and do its slices' bytes fit in 32 bits? */
DEVICE bool is_amid(const Source &source, const Point &p) {
  return is_amid(p.x, source.size[0]) && is_amid(p.y, source.size[1]) && is_amid(p.z, source.size[2]) &&
         (uint64_t)source.slice_stride < (1u << 29);
}

/** A value and its slopes by the position. */
struct Look {
  double value, slope[3];
};

/** The eight samples of a cell, as they are read. */
struct Corners {
  float of[2][2][2];
};

/** A float32 volume as cells are found in it, by bytes. */
struct Volume {
  uint64_t origin;
  uint32_t row, slice;

  DEVICE Volume(const Source &source)
      : origin(source.address), row(keep((uint32_t)source.row_stride * 4)), slice(keep((uint32_t)source.slice_stride * 4)) {}

  DEVICE Corners read_cell(const WideCell &cell) const {
    const uint64_t near = times_plus(cell.z, slice, times_plus(cell.y, row, times_plus(cell.x, 4, origin)));
    Corners corners;
#pragma unroll
    for (int k = 0; k < 2; k++) {
#pragma unroll
      for (int j = 0; j < 2; j++) {
        const float *at = (const float *)(near + (k ? slice : 0) + (j ? row : 0));
        corners.of[k][j][0] = read(at);
        corners.of[k][j][1] = read(at + 1);
      }
    }
    return corners;
  }
};

/** Differences along x, then along y, then along z: each serves the value and a slope. */
template <bool SLOPES> DEVICE Look look_in(const Corners &corners, const WideCell &cell) {
  double by_x[2][2], rows[2][2], by_y[2], planes[2];
#pragma unroll
  for (int k = 0; k < 2; k++) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
      const double a = corners.of[k][j][0], b = corners.of[k][j][1];
      by_x[k][j] = b - a;
      rows[k][j] = fused(by_x[k][j], cell.tx, a);
    }
    by_y[k] = rows[k][1] - rows[k][0];
    planes[k] = fused(by_y[k], cell.ty, rows[k][0]);
  }
  const double by_z = planes[1] - planes[0];
  Look look;
  look.value = fused(by_z, cell.tz, planes[0]);
  if (!SLOPES) return look;
  const double near = within_cell(by_x[0][0], by_x[0][1], cell.ty), far = within_cell(by_x[1][0], by_x[1][1], cell.ty);
  look.slope[0] = within_cell(near, far, cell.tz);
  look.slope[1] = within_cell(by_y[0], by_y[1], cell.tz);
  look.slope[2] = by_z;
  return look;
}

/** Beyond the edge a mask is not set. As the reference has it: half way to the next voxel is that voxel. */
DEVICE bool is_set(const Source &mask, const Point &p) {
  const double position[3] = {p.x, p.y, p.z};
  const int64_t stride[3] = {1, mask.row_stride, mask.slice_stride};
  int64_t at = 0;
#pragma unroll
  for (int a = 0; a < 3; a++) {
    const double nearest = floor(position[a] + 0.5);
    if (!(nearest >= 0 && nearest < mask.size[a])) return false;
    at += (int64_t)nearest * stride[a];
  }
  return load<double>(mask.address, mask.pixel, at) != 0;
}

/** The two samples of an axis that a position lies between, and where; the last cell is closed. */
struct Between {
  int low, high;
  double t;
};

/** False off the image, which goes on with its edge for half a voxel. */
DEVICE bool find_between(double x, int n, Between &between) {
  if (!(x >= -0.5 && x < n - 0.5)) return false;
  const double cell = x == n - 1 && n > 1 ? n - 2 : floor(x);
  between.t = x - cell;
  between.low = cell < 0 ? 0 : (int)cell;
  between.high = (int)cell + 1 < n ? (int)cell + 1 : n - 1;
  return true;
}

/** A sum of samples of which those that weigh nothing are not read: they may be none, or infinite. */
DEVICE double weigh(const Corners &corners, const double (&x)[2], const double (&y)[2], const double (&z)[2]) {
  double sum = 0;
#pragma unroll
  for (int k = 0; k < 2; k++) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
#pragma unroll
      for (int i = 0; i < 2; i++)
        if (x[i] != 0 && y[j] != 0 && z[k] != 0) sum += x[i] * y[j] * z[k] * corners.of[k][j][i];
    }
  }
  return sum;
}

/** The look of a cell some of whose samples are no numbers. A slope that is none adds nothing: it is 0. */
DEVICE Look weigh_all(const Corners &corners, const WideCell &cell) {
  const double x[2] = {1 - cell.tx, cell.tx}, y[2] = {1 - cell.ty, cell.ty}, z[2] = {1 - cell.tz, cell.tz};
  const double slope[2] = {-1, 1};
  Look look = {weigh(corners, x, y, z),
               {weigh(corners, slope, y, z), weigh(corners, x, slope, z), weigh(corners, x, y, slope)}};
#pragma unroll
  for (int a = 0; a < 3; a++)
    if (!is_finite(look.slope[a])) look.slope[a] = 0;
  return look;
}

/** What any position looks at; false where there is no number, or the mask is not set. */
DEVICE bool look_anywhere(const Pair &pair, const Point &p, Look &look) {
  const Source &moving = pair.moving;
  Between x, y, z;
  if (!find_between(p.x, moving.size[0], x) || !find_between(p.y, moving.size[1], y) ||
      !find_between(p.z, moving.size[2], z))
    return false;
  if (pair.mask.address != 0 && !is_set(pair.mask, p)) return false;
  Corners corners;
#pragma unroll
  for (int k = 0; k < 2; k++) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
      const float *row = (const float *)moving.address + (k ? z.high : z.low) * moving.slice_stride +
                         (j ? y.high : y.low) * moving.row_stride;
      corners.of[k][j][0] = read(row + x.low);
      corners.of[k][j][1] = read(row + x.high);
    }
  }
  const WideCell cell = {0, 0, 0, x.t, y.t, z.t};
  look = look_in<true>(corners, cell);
  if (is_finite(look.value)) return true;
  look = weigh_all(corners, cell);
  return is_finite(look.value);
}

/** Samples of a column that a thread looks for at once: so many loads are under way. */
#define AT_ONCE 4

/** In place of a row of the histogram, of a sample that does not count. */
#define NO_ROW 255

DEVICE bool counts(float value) { return fabsf(value) < INFINITY; }
DEVICE bool counts(uint8_t row) { return row != NO_ROW; }

/** The looks at samples of a line, counted by `point_of`; false where some are not amid the moving image, or no numbers. */
template <bool SLOPES, int COUNT, class PointOf>
DEVICE bool look_at_once(const Source &moving, const Volume &volume, const PointOf &point_of, Look (&looks)[COUNT]) {
  // Where a map goes is monotonic along a line, also as it is rounded: what is between two is amid as they are.
  if (!is_amid(moving, point_of(0)) || !is_amid(moving, point_of(COUNT - 1))) return false;
  WideCell cells[COUNT];
  Corners corners[COUNT];
#pragma unroll
  for (int k = 0; k < COUNT; k++) {
    cells[k] = wide_cell_of(point_of(k));
    corners[k] = volume.read_cell(cells[k]);
  }
  bool all = true;
#pragma unroll
  for (int k = 0; k < COUNT; k++) {
    looks[k] = look_in<SLOPES>(corners[k], cells[k]);
    all = all && is_finite(looks[k].value);
  }
  return all;
}

/** The next samples of a column, as many as are looked for at once; false where some of them need a closer look. */
template <bool SLOPES, class Fixed>
DEVICE bool compare_at_once(const Pair &pair, const AffineMap &map, const Point &begun, int z, const Volume &volume,
                            const Fixed *fixed, Fixed (&values)[AT_ONCE], Look (&looks)[AT_ONCE]) {
  bool all = true;
#pragma unroll
  for (int k = 0; k < AT_ONCE; k++) {
    values[k] = read(fixed + k * pair.fixed.slice_stride);
    all = all && counts(values[k]);
  }
  const auto point_of = [&](int k) { return end_affine(map.matrix, begun, z + k); };
  return look_at_once<SLOPES>(pair.moving, volume, point_of, looks) && all;
}

/** A thread's part of a chunk: samples one behind the other. */
struct Column {
  int x, y, first, end;
};

DEVICE Column column_of(const Chunks &chunks) {
  const int first = (blockIdx.z + chunks.start[2]) * CHUNK_Z, all = chunks.size[2];
  const Column column = {(int)(blockIdx.x + chunks.start[0]) * CHUNK_X + (int)threadIdx.x,
                         (int)(blockIdx.y + chunks.start[1]) * CHUNK_Y + (int)threadIdx.y, first,
                         first + CHUNK_Z < all ? first + CHUNK_Z : all};
  const bool is_there = column.x < chunks.size[0] && column.y < chunks.size[1];
  return is_there ? column : Column{0, 0, first, first};
}

/**
 * Has `sum` visit the fixed value and the look of every sample of a column that counts, and step after each, whether it
 * counts or not. Fixed is float, or uint8_t for rows of a histogram.
 */
template <bool SLOPES, class Fixed, class Sum>
DEVICE void visit_column(const Pair &pair, const AffineMap &map, const Column &column, Sum &sum) {
  const Point begun = begin_affine(map.matrix, column.x, column.y);
  const Volume volume(pair.moving);
  const int64_t slice = pair.fixed.slice_stride;
  const Fixed *fixed = (const Fixed *)pair.fixed.address + column.first * slice + column.y * pair.fixed.row_stride + column.x;
  const bool is_plain = pair.mask.address == 0;
#pragma unroll 1
  for (int z = column.first; z < column.end; z += AT_ONCE, fixed += AT_ONCE * slice) {
    Fixed values[AT_ONCE];
    Look looks[AT_ONCE];
    if (is_plain && z + AT_ONCE <= column.end &&
        compare_at_once<SLOPES>(pair, map, begun, z, volume, fixed, values, looks)) {
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) {
        sum.visit(values[k], looks[k]);
        sum.step();
      }
      continue;
    }
#pragma unroll 1
    for (int k = 0; k < AT_ONCE && z + k < column.end; k++) {
      const Fixed value = read(fixed + k * slice);
      Look look;
      if (counts(value) && look_anywhere(pair, end_affine(map.matrix, begun, z + k), look)) sum.visit(value, look);
      sum.step();
    }
  }
}

/** Makes the fixed side of a pair: float32, and no number where a sample does not count. */
DEVICE void count_fixed(const Source &fixed, const Source &mask, const Output &output) {
  visit_box(output, [&](int x, int y, int z, int64_t at) {
    const int64_t from = z * fixed.slice_stride + y * fixed.row_stride + x;
    const int64_t there = z * mask.slice_stride + y * mask.row_stride + x;
    const bool counts = mask.address == 0 || load<double>(mask.address, mask.pixel, there) != 0;
    ((float *)output.address)[at] = counts ? load<float>(fixed.address, fixed.pixel, from) : NAN;
  });
}
