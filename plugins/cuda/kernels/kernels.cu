#include "local.h"
#include "pair-information.h"
#include "pair-moments.h"
#include "pair-slopes.h"
#include "pair-windows.h"
#include "prefilter.h"
#include "resample.h"

// Registers for four blocks on a multiprocessor.
#define LIMITS __launch_bounds__(THREADS, 4)
// For two, of kernels that keep many sums in registers.
#define WIDE_LIMITS __launch_bounds__(THREADS, 2)

#define WIDE_ENTRY2(name, A, a, B, b, body) \
  extern "C" __global__ void WIDE_LIMITS name(const A a, const B b) { body; }
#define WIDE_ENTRY3(name, A, a, B, b, C, c, body) \
  extern "C" __global__ void WIDE_LIMITS name(const A a, const B b, const C c) { body; }
#define WIDE_ENTRY4(name, A, a, B, b, C, c, D, d, body) \
  extern "C" __global__ void WIDE_LIMITS name(const A a, const B b, const C c, const D d) { body; }
#define ENTRY1(name, A, a, body) extern "C" __global__ void LIMITS name(const A a) { body; }
#define ENTRY2(name, A, a, B, b, body) \
  extern "C" __global__ void LIMITS name(const A a, const B b) { body; }
#define ENTRY3(name, A, a, B, b, C, c, body) \
  extern "C" __global__ void LIMITS name(const A a, const B b, const C c) { body; }
#define ENTRY4(name, A, a, B, b, C, c, D, d, body) \
  extern "C" __global__ void LIMITS name(const A a, const B b, const C c, const D d) { body; }

#include "entries.h"
