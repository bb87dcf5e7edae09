#pragma once

#include "launch.h"
#include "parameters.h"

/** A value of any pixel type; the type is the same for all threads of a launch. */
template <class Real> DEVICE Real load(uint64_t address, int pixel, int64_t at) {
  switch (pixel) {
    case UINT8: return read((const uint8_t *)address + at);
    case INT8: return read((const int8_t *)address + at);
    case UINT16: return read((const uint16_t *)address + at);
    case INT16: return read((const int16_t *)address + at);
    case UINT32: return read((const uint32_t *)address + at);
    case INT32: return read((const int32_t *)address + at);
    case FLOAT32: return read((const float *)address + at);
    default: return read((const double *)address + at);
  }
}

/** Half to even, saturated; NaN becomes 0. */
template <class T, class Real> DEVICE T whole(Real value, Real low, Real high) {
  if (!(value == value)) return 0;
  return (T)fmin(fmax(rint(value), low), high);
}

template <class Real> DEVICE void store_here(uint64_t address, int pixel, int64_t at, Real value) {
  switch (pixel) {
    case UINT8: ((uint8_t *)address)[at] = whole<uint8_t>(value, Real(0), Real(255)); break;
    case INT8: ((int8_t *)address)[at] = whole<int8_t>(value, Real(-128), Real(127)); break;
    case UINT16: ((uint16_t *)address)[at] = whole<uint16_t>(value, Real(0), Real(65535)); break;
    case INT16: ((int16_t *)address)[at] = whole<int16_t>(value, Real(-32768), Real(32767)); break;
    case UINT32: ((uint32_t *)address)[at] = whole<uint32_t>((double)value, 0.0, 4294967295.0); break;
    case INT32:
      ((int32_t *)address)[at] = whole<int32_t>((double)value, -2147483648.0, 2147483647.0);
      break;
    case FLOAT32: ((float *)address)[at] = (float)value; break;
    default: ((double *)address)[at] = (double)value;
  }
}

/** The same, once for all kernels that have more to do than to store. */
template <class Real> OUT_OF_LINE void store(uint64_t address, int pixel, int64_t at, Real value) {
  store_here(address, pixel, at, value);
}

/** Calls with the absolute index of every voxel of a box and where it lies in its output. */
template <class Visit> DEVICE void visit_box(const Output &output, const Visit &visit) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x;
  if (x >= output.size[0]) return;
  for (int y = blockIdx.y * blockDim.y + threadIdx.y; y < output.size[1]; y += gridDim.y * blockDim.y)
    for (int z = blockIdx.z; z < output.size[2]; z += gridDim.z)
      visit((int)output.start[0] + x, (int)output.start[1] + y, (int)output.start[2] + z,
            z * output.slice_stride + y * output.row_stride + x);
}
