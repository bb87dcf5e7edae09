#include <algorithm>

#include "operations.h"

namespace ptx {
namespace {

template <class T> T both(T a, T b) { return a & b; }
template <class T> T either(T a, T b) { return a | b; }
template <class T> T differ(T a, T b) { return a ^ b; }
template <class T> T invert(T a) { return (T)~a; }
bool not_so(bool a) { return !a; }

/** Shifts by more than the width shift by the width. */
template <class T> void shift_left(Thread &t, const Instruction &i) {
  const uint32_t by = get<uint32_t>(t, i.b);
  put<T>(t, i.d, by >= 8 * sizeof(T) ? (T)0 : (T)(get<T>(t, i.a) << by));
}
template <class T> void shift_right(Thread &t, const Instruction &i) {
  const uint32_t width = 8 * sizeof(T), by = std::min(get<uint32_t>(t, i.b), width);
  const T a = get<T>(t, i.a);
  put<T>(t, i.d, by < width ? (T)(a >> by) : (T)(a < (T)0 ? -1 : 0));
}

uint32_t leading_zeros(uint32_t a) { return a == 0 ? 32 : (uint32_t)__builtin_clz(a); }
uint32_t leading_zeros_64(uint64_t a) { return a == 0 ? 64 : (uint32_t)__builtin_clzll(a); }
uint32_t ones(uint32_t a) { return (uint32_t)__builtin_popcount(a); }
uint32_t ones_64(uint64_t a) { return (uint32_t)__builtin_popcountll(a); }

template <class T> void add_logic(Operations &all, const std::string &type) {
  all["and." + type] = {binary<T, T, both<T>>, 2};
  all["or." + type] = {binary<T, T, either<T>>, 2};
  all["xor." + type] = {binary<T, T, differ<T>>, 2};
}

template <class U, class S> void add_shifts(Operations &all, const std::string &bits) {
  all["not.b" + bits] = {unary<U, U, invert<U>>, 1};
  all["shl.b" + bits] = {shift_left<U>, 2};
  all["shr.b" + bits] = {shift_right<U>, 2};
  all["shr.u" + bits] = {shift_right<U>, 2};
  all["shr.s" + bits] = {shift_right<S>, 2};
}

}  // namespace

void add_bits(Operations &all) {
  add_logic<bool>(all, "pred");
  add_logic<uint16_t>(all, "b16");
  add_logic<uint32_t>(all, "b32");
  add_logic<uint64_t>(all, "b64");
  add_shifts<uint16_t, int16_t>(all, "16");
  add_shifts<uint32_t, int32_t>(all, "32");
  add_shifts<uint64_t, int64_t>(all, "64");
  all["not.pred"] = {unary<bool, bool, not_so>, 1};
  all["clz.b32"] = {unary<uint32_t, uint32_t, leading_zeros>, 1};
  all["clz.b64"] = {unary<uint32_t, uint64_t, leading_zeros_64>, 1};
  all["popc.b32"] = {unary<uint32_t, uint32_t, ones>, 1};
  all["popc.b64"] = {unary<uint32_t, uint64_t, ones_64>, 1};
}

}  // namespace ptx
