#pragma once

#include "sample.h"

/** Slices that a thread computes one after another: what they share of the map is computed once. */
#define SLICES_PER_THREAD 16

/** One thread per voxel of a slice, x along the warp; every thread of a list of points has one of them. */
template <class Sampler, class Map>
DEVICE void resample(const Source &source, const Rules &rules, const Map &map, const Output &output) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x;
  if (x >= output.size[0]) return;
  Point voxel;
  voxel.x = output.start[0] + x;
  for (int y = blockIdx.y * blockDim.y + threadIdx.y; y < output.size[1]; y += gridDim.y * blockDim.y) {
    voxel.y = output.start[1] + y;
    for (int first = blockIdx.z * SLICES_PER_THREAD; first < output.size[2]; first += gridDim.z * SLICES_PER_THREAD) {
      for (int z = first; z < output.size[2] && z < first + SLICES_PER_THREAD; z++) {
        voxel.z = output.start[2] + z;
        const int64_t at = z * output.slice_stride + y * output.row_stride + x;
        Sampler::sample(source, rules, locate(map, voxel, x, source.dims), output, at);
      }
    }
  }
}

/** Slices that a thread looks for at once. */
#define BATCH 4

/** Stores values of neighbouring slices. */
template <int PIXEL> DEVICE void store_batch(char *to, int64_t slice, const float (&values)[BATCH]) {
#pragma unroll
  for (int k = 0; k < BATCH; k++) store_here((uint64_t)to, PIXEL, k * slice, values[k]);
}

/** Some slices of one channel, where all of them are there and look at numbers within the samples; else false. */
template <class T, int PIXEL>
DEVICE bool try_batch(const Source &source, const AffineMap &map, const Output &output, const Point &begun, double z,
                      const CellsOf<T> &samples, char *to) {
  Cell cells[BATCH];
  bool are_there = true;
#pragma unroll
  for (int k = 0; k < BATCH; k++) {
    const Point p = end_affine(map.matrix, begun, z + k);
    cells[k] = cell_of(p);
    if (k == 0 || k == BATCH - 1) are_there = are_there && has_cell(source, p, cells[k]);
  }
  if (!are_there) return false;
  float values[BATCH];
  bool are_numbers = true;
#pragma unroll
  for (int k = 0; k < BATCH; k++) {
    values[k] = samples.linear(cells[k]);
    are_numbers = are_numbers && values[k] == values[k];
  }
  if (!are_numbers) return false;
  if (output.pixel == PIXEL) store_batch<PIXEL>(to, output.slice_stride, values);
  else store_batch<FLOAT32>(to, output.slice_stride, values);
  return true;
}

/** A thread's slices of one channel; false where any of them is left. */
template <class T, int PIXEL>
DEVICE bool try_slices(const Source &source, const AffineMap &map, const Output &output, int x, int y, int first,
                       int channel) {
  const int rest = output.size[2] - first, count = rest < SLICES_PER_THREAD ? rest : SLICES_PER_THREAD;
  if (count < BATCH) return false;
  const Point begun = begin_affine(map.matrix, output.start[0] + x, output.start[1] + y);
  const CellsOf<T> samples(source, channel);
  const int64_t at = first * output.slice_stride + y * output.row_stride + x + channel * output.plane_stride;
  const int64_t slice = output.slice_stride * (output.pixel == PIXEL ? sizeof(T) : sizeof(float));
  char *to = (char *)output.address + at * (output.pixel == PIXEL ? sizeof(T) : sizeof(float));
  const double z = output.start[2] + first;
  bool done = true;
#pragma unroll 1
  for (int k = 0; k < count; k += BATCH) {
    // The last one may have slices of the one before.
    const int from = k + BATCH <= count ? k : count - BATCH;
    done = try_batch<T, PIXEL>(source, map, output, begun, z + from, samples, to + from * slice) && done;
  }
  return done;
}

/** Of its first slices where they are not done yet, and of those that lie beyond the limits of a grid. */
OUT_OF_LINE void finish_columns(Source source, Rules rules, AffineMap map, Output output, bool done) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
  const int first = blockIdx.z * SLICES_PER_THREAD;
  for (int j = y; j < output.size[1]; j += gridDim.y * blockDim.y) {
    for (int from = first; from < output.size[2]; from += gridDim.z * SLICES_PER_THREAD) {
      if (done && j == y && from == first) continue;
      for (int k = from; k < output.size[2] && k < from + SLICES_PER_THREAD; k++) {
        const Point voxel = {output.start[0] + x, output.start[1] + j, output.start[2] + k};
        const int64_t at = k * output.slice_stride + j * output.row_stride + x;
        sample_linear(source, rules, apply_affine(map.matrix, voxel), output, at);
      }
    }
  }
}

/**
 * Linear under an affine, from a type to itself or float32; the bits are those of resample<LinearOf<T>>. A thread looks for
 * several slices at once, so that as many loads as it has registers for are under way. Where a map goes is monotonic
 * along the slices, also as it is rounded: between two positions within the samples all are. The rest comes last, and
 * elsewhere, so that nothing is kept for it meanwhile.
 */
template <class T, int PIXEL>
DEVICE void resample_columns(const Source &source, const Rules &rules, const AffineMap &map, const Output &output) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
  const int first = blockIdx.z * SLICES_PER_THREAD;
  if (x >= output.size[0] || y >= output.size[1] || first >= output.size[2]) return;
  bool done = true;
#pragma unroll 1
  for (int c = 0; c < source.channels; c++)
    done = !rules.gradient && try_slices<T, PIXEL>(source, map, output, x, y, first, c) && done;
  const bool are_all = gridDim.y * blockDim.y >= (unsigned)output.size[1] &&
                       gridDim.z * SLICES_PER_THREAD >= (unsigned)output.size[2];
  if (!done || !are_all) finish_columns(source, rules, map, output, done);
}

/** Copies samples to float64, going on beyond the image as the boundary says. */
DEVICE void extend(const Source &source, const Rules &rules, const Output &output) {
  visit_box(output, [&](int x, int y, int z, int64_t at) {
    const int sx = fold_index(x, source.size[0], rules.fold), sy = fold_index(y, source.size[1], rules.fold);
    const int sz = fold_index(z, source.size[2], rules.fold);
    const int64_t from = sz * source.slice_stride + sy * source.row_stride + sx;
    for (int c = 0; c < source.channels; c++) {
      const double value = sx < 0 || sy < 0 || sz < 0
                               ? rules.fill
                               : load<double>(source.address, source.pixel, c * source.channel_stride + from);
      store(output.address, output.pixel, at + c * output.plane_stride, value);
    }
  });
}
