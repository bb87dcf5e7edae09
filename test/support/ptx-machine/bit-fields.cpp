#include <algorithm>

#include "operations.h"

namespace ptx {
namespace {

/** Bits that are set below the n-th. */
template <class U> U below(unsigned n) { return n >= 8 * sizeof(U) ? (U) ~(U)0 : (U)(((U)1 << n) - 1); }

/** bfe d, a, position, length: what lies beyond a is its sign, or 0. Position and length are bytes. */
template <class T, class U> void extract(Thread &t, const Instruction &i) {
  const unsigned width = 8 * sizeof(U), position = get<uint32_t>(t, i.b) & 255, length = get<uint32_t>(t, i.c) & 255;
  const U a = get<U>(t, i.a);
  const unsigned last = std::min(position + length - 1, width - 1);
  const bool sign = std::is_signed<T>::value && length > 0 && (a >> last & 1) != 0;
  const unsigned held = position >= width ? 0 : std::min(length, width - position);
  const U bits = held == 0 ? (U)0 : (U)(a >> position & below<U>(held));
  put<T>(t, i.d, (T)(sign ? bits | (U)~below<U>(held) : bits));
}

/** bfi d, a, b, position, length: the low bits of a in place of some of b. */
template <class U> void insert(Thread &t, const Instruction &i) {
  const unsigned position = get<uint32_t>(t, i.c) & 255, length = get<uint32_t>(t, i.e) & 255;
  const U b = get<U>(t, i.b);
  if (position >= 8 * sizeof(U)) return put<U>(t, i.d, b);
  const U mask = (U)(below<U>(length) << position);
  put<U>(t, i.d, (U)((b & ~mask) | ((U)(get<U>(t, i.a) << position) & mask)));
}

/** shf d, a, b, n: of the 64 bits b a, shifted, the upper or the lower half. */
template <bool IS_LEFT, bool WRAPS> void funnel(Thread &t, const Instruction &i) {
  const uint64_t both = (uint64_t)get<uint32_t>(t, i.b) << 32 | get<uint32_t>(t, i.a);
  const uint32_t n = get<uint32_t>(t, i.c), by = WRAPS ? n & 31 : std::min(n, 32u);
  put<uint32_t>(t, i.d, (uint32_t)(IS_LEFT ? both << by >> 32 : both >> by));
}

/** prmt d, a, b, selector: a byte of b a for each four bits of the selector, or eight times its sign. */
void permute(Thread &t, const Instruction &i) {
  const uint64_t both = (uint64_t)get<uint32_t>(t, i.b) << 32 | get<uint32_t>(t, i.a);
  const uint32_t selector = get<uint32_t>(t, i.c);
  uint32_t result = 0;
  for (unsigned k = 0; k < 4; k++) {
    const unsigned which = selector >> 4 * k & 15;
    const int8_t byte = (int8_t)(both >> 8 * (which & 7));
    result |= (uint32_t)(uint8_t)(which < 8 ? byte : byte < 0 ? -1 : 0) << 8 * k;
  }
  put<uint32_t>(t, i.d, result);
}

uint32_t reversed(uint32_t a) {
  uint32_t result = 0;
  for (unsigned k = 0; k < 32; k++) result |= (a >> k & 1) << (31 - k);
  return result;
}

}  // namespace

void add_bit_fields(Operations &all) {
  all["bfe.u32"] = {extract<uint32_t, uint32_t>, 3};
  all["bfe.s32"] = {extract<int32_t, uint32_t>, 3};
  all["bfe.u64"] = {extract<uint64_t, uint64_t>, 3};
  all["bfe.s64"] = {extract<int64_t, uint64_t>, 3};
  all["bfi.b32"] = {insert<uint32_t>, 4};
  all["bfi.b64"] = {insert<uint64_t>, 4};
  all["shf.l.wrap.b32"] = {funnel<true, true>, 3};
  all["shf.l.clamp.b32"] = {funnel<true, false>, 3};
  all["shf.r.wrap.b32"] = {funnel<false, true>, 3};
  all["shf.r.clamp.b32"] = {funnel<false, false>, 3};
  all["prmt.b32"] = {permute, 3};
  all["brev.b32"] = {unary<uint32_t, uint32_t, reversed>, 1};
}

}  // namespace ptx
