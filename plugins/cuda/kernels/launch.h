// What a kernel body is written against: CUDA's own words, or the same words for a compiler of C++, where the
// launcher (the tests' fake driver) sets the indices and calls a body once per thread.
#pragma once

#include <stdint.h>

/** Threads of every block, as engine.ts starts them. */
#define THREADS 256
/** Shared memory that a block has on every device without being asked for. */
#define SHARED_BYTES 49152

#ifdef __CUDACC__

#define DEVICE __device__ __forceinline__
#define OUT_OF_LINE __device__ __noinline__

/** Products and sums that are not fused: the bits of the reference, whatever the compiler contracts elsewhere. */
DEVICE double times(double a, double b) { return __dmul_rn(a, b); }
DEVICE double plus(double a, double b) { return __dadd_rn(a, b); }
/** The largest number that the sum is not below. */
DEVICE double plus_down(double a, double b) { return __dadd_rd(a, b); }
/** a b + c, rounded once. */
DEVICE double fused(double a, double b, double c) { return __fma_rn(a, b, c); }
DEVICE float fused(float a, float b, float c) { return __fmaf_rn(a, b, c); }
DEVICE int64_t bits_of(double x) { return __double_as_longlong(x); }
DEVICE uint32_t bits_of(float x) { return __float_as_uint(x); }

/** Adds to memory that all threads add to. Of whole numbers, so that the order does not show. */
DEVICE void add_whole(int64_t *to, int64_t value) { atomicAdd((unsigned long long *)to, (unsigned long long)value); }
DEVICE int64_t to_whole(double x) { return __double2ll_rn(x); }
/** The same of 32 bits in shared memory; what was there before. */
DEVICE uint32_t add_part(uint32_t *to, uint32_t value) { return atomicAdd(to, value); }

/** What the threads of a block share: one declaration of a struct per kernel, of at most SHARED_BYTES. */
#define SHARED(T, name) \
  static_assert(sizeof(T) <= SHARED_BYTES, "more than a block has"); \
  __shared__ T name
/** Until every thread of the block is here. All must come, or none. */
DEVICE void barrier() { __syncthreads(); }

/** Has the compiler take a value as it is, and not compute it again in parts wherever it is used. */
DEVICE uint64_t keep(uint64_t value) {
  asm("" : "+l"(value));
  return value;
}
DEVICE uint32_t keep(uint32_t value) {
  asm("" : "+r"(value));
  return value;
}
/** a b + c */
DEVICE uint64_t times_plus(uint32_t a, uint32_t b, uint64_t c) {
  uint64_t sum;
  asm("mad.wide.u32 %0, %1, %2, %3;" : "=l"(sum) : "r"(a), "r"(b), "l"(c));
  return sum;
}

/** Reads through the read-only cache: nothing that a kernel reads is written while it runs. */
template <class T> DEVICE T read(const T *address) { return __ldg(address); }

#else

#include <math.h>
#include <string.h>

#define DEVICE inline
#define OUT_OF_LINE inline

struct LaunchIndex {
  unsigned x, y, z;
};
extern thread_local LaunchIndex blockIdx, threadIdx, blockDim, gridDim;

// Compiled without contraction (-ffp-contract=off).
DEVICE double times(double a, double b) { return a * b; }
DEVICE double plus(double a, double b) { return a + b; }
/** By the rounding error of the sum: D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B. */
DEVICE double plus_down(double a, double b) {
  const double sum = a + b, part = sum - a;
  const double error = (a - (sum - part)) + (b - part);
  return error < 0 ? nextafter(sum, -INFINITY) : sum;
}
DEVICE double fused(double a, double b, double c) { return fma(a, b, c); }
DEVICE float fused(float a, float b, float c) { return fmaf(a, b, c); }
DEVICE int64_t bits_of(double x) {
  int64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
DEVICE uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

DEVICE void add_whole(int64_t *to, int64_t value) { *to += value; }
DEVICE int64_t to_whole(double x) { return llrint(x); }
DEVICE uint32_t add_part(uint32_t *to, uint32_t value) {
  const uint32_t before = *to;
  *to += value;
  return before;
}

/** Of the launcher: the memory of the block that runs, and the wait of one of its threads. */
void *shared_memory();
void barrier();
#define SHARED(T, name) \
  static_assert(sizeof(T) <= SHARED_BYTES, "more than a block has"); \
  T &name = *(T *)shared_memory()

DEVICE uint64_t keep(uint64_t value) { return value; }
DEVICE uint32_t keep(uint32_t value) { return value; }
DEVICE uint64_t times_plus(uint32_t a, uint32_t b, uint64_t c) { return (uint64_t)a * b + c; }

template <class T> DEVICE T read(const T *address) { return *address; }

#endif
