// What a kernel body is written against: CUDA's own words, or the same words for a compiler of C++, where the
// launcher (the tests' fake driver) sets the indices and calls a body once per thread.
#pragma once

#include <stdint.h>

#ifdef __CUDACC__

#define DEVICE __device__ __forceinline__
#define OUT_OF_LINE __device__ __noinline__

/** Products and sums that are not fused: the bits of the reference, whatever the compiler contracts elsewhere. */
DEVICE double times(double a, double b) { return __dmul_rn(a, b); }
DEVICE double plus(double a, double b) { return __dadd_rn(a, b); }
DEVICE int64_t bits_of(double x) { return __double_as_longlong(x); }

/** Adds to memory that all threads add to. Of whole numbers, so that the order does not show. */
DEVICE void add_whole(int64_t *to, int64_t value) { atomicAdd((unsigned long long *)to, (unsigned long long)value); }
DEVICE int64_t to_whole(double x) { return __double2ll_rn(x); }

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
DEVICE int64_t bits_of(double x) {
  int64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

DEVICE void add_whole(int64_t *to, int64_t value) { *to += value; }
DEVICE int64_t to_whole(double x) { return llrint(x); }

template <class T> DEVICE T read(const T *address) { return *address; }

#endif
