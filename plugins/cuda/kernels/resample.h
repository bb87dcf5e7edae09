#pragma once

#include "sample.h"

/** Slices that a thread computes one after another: what they share of the map is computed once. */
#define SLICES_PER_THREAD 4

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

/** Copies samples to float64, going on beyond the image as the boundary says. */
DEVICE void extend(const Source &source, const Rules &rules, const Output &output) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x;
  if (x >= output.size[0]) return;
  for (int y = blockIdx.y * blockDim.y + threadIdx.y; y < output.size[1]; y += gridDim.y * blockDim.y) {
    for (int z = blockIdx.z; z < output.size[2]; z += gridDim.z) {
      const int sx = fold_index((int)output.start[0] + x, source.size[0], rules.fold);
      const int sy = fold_index((int)output.start[1] + y, source.size[1], rules.fold);
      const int sz = fold_index((int)output.start[2] + z, source.size[2], rules.fold);
      const int64_t from = sz * source.slice_stride + sy * source.row_stride + sx;
      const int64_t at = z * output.slice_stride + y * output.row_stride + x;
      for (int c = 0; c < source.channels; c++) {
        const double value = sx < 0 || sy < 0 || sz < 0
                                 ? rules.fill
                                 : load<double>(source.address, source.pixel, c * source.channel_stride + from);
        store(output.address, output.pixel, at + c * output.plane_stride, value);
      }
    }
  }
}
