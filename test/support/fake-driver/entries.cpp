#include "entries.h"

thread_local LaunchIndex blockIdx, threadIdx, blockDim, gridDim;

#include "block.h"

#include "../../../plugins/cuda/kernels/local.h"
#include "../../../plugins/cuda/kernels/pair-information.h"
#include "../../../plugins/cuda/kernels/pair-moments.h"
#include "../../../plugins/cuda/kernels/pair-slopes.h"
#include "../../../plugins/cuda/kernels/pair-windows.h"
#include "../../../plugins/cuda/kernels/prefilter.h"
#include "../../../plugins/cuda/kernels/resample.h"

namespace entries {
#define ENTRY1(name, A, a, body) \
  static void name(void **p) { const A &a = *(const A *)p[0]; body; }
#define ENTRY2(name, A, a, B, b, body) \
  static void name(void **p) { const A &a = *(const A *)p[0]; const B &b = *(const B *)p[1]; body; }
#define ENTRY3(name, A, a, B, b, C, c, body) \
  static void name(void **p) { \
    const A &a = *(const A *)p[0]; const B &b = *(const B *)p[1]; const C &c = *(const C *)p[2]; body; }
#define WIDE_ENTRY2 ENTRY2
#define WIDE_ENTRY3 ENTRY3
#define WIDE_ENTRY4 ENTRY4
#define ENTRY4(name, A, a, B, b, C, c, D, d, body) \
  static void name(void **p) { \
    const A &a = *(const A *)p[0]; const B &b = *(const B *)p[1]; const C &c = *(const C *)p[2]; \
    const D &d = *(const D *)p[3]; body; }
#include "../../../plugins/cuda/kernels/entries.h"
#undef ENTRY1
#undef ENTRY2
#undef ENTRY3
#undef ENTRY4
}  // namespace entries

const std::vector<Entry> ENTRIES = {
#define ENTRY1(name, A, a, body) {#name, {sizeof(A)}, {alignof(A)}, entries::name},
#define ENTRY2(name, A, a, B, b, body) {#name, {sizeof(A), sizeof(B)}, {alignof(A), alignof(B)}, entries::name},
#define ENTRY3(name, A, a, B, b, C, c, body) \
  {#name, {sizeof(A), sizeof(B), sizeof(C)}, {alignof(A), alignof(B), alignof(C)}, entries::name},
#define ENTRY4(name, A, a, B, b, C, c, D, d, body) \
  {#name, {sizeof(A), sizeof(B), sizeof(C), sizeof(D)}, {alignof(A), alignof(B), alignof(C), alignof(D)}, \
   entries::name},
#include "../../../plugins/cuda/kernels/entries.h"
};

bool run_loops(const Entry &entry, void **parameters) {
  for (blockIdx.z = 0; blockIdx.z < gridDim.z; blockIdx.z++)
    for (blockIdx.y = 0; blockIdx.y < gridDim.y; blockIdx.y++)
      for (blockIdx.x = 0; blockIdx.x < gridDim.x; blockIdx.x++)
        if (!run_block([&] { entry.call(parameters); })) return false;
  return true;
}
