#include <cfenv>
#include <cmath>
#include <limits>

#include "operations.h"

namespace ptx {
namespace {

template <class D, class A> D resized(A a) { return (D)a; }

/** .sat of whole numbers: to the range of the destination. */
template <class D, class A> D saturated(A a) {
  const __int128 low = std::numeric_limits<D>::min(), high = std::numeric_limits<D>::max(), value = a;
  return (D)(value < low ? low : value > high ? high : value);
}

// Integer rounding: to even, to 0, down, up.
template <class T> T to_even(T a) { return std::nearbyint(a); }
template <class T> T to_zero(T a) { return std::trunc(a); }
template <class T> T down(T a) { return std::floor(a); }
template <class T> T up(T a) { return std::ceil(a); }

/**
 * Of float to whole numbers, which are clamped to their range whether .sat is there or not. NaN becomes 0, or where a
 * type is of 64 bits 1 << (bits - 1).
 */
template <class D, class A, A (*ROUND)(A)> D whole(A a) {
  const unsigned bits = 8 * sizeof(D);
  if (a != a) return sizeof(A) < 8 && sizeof(D) < 8 ? (D)0 : (D)((uint64_t)1 << (bits - 1));
  const A rounded = ROUND(a);
  const A end = std::ldexp(A(1), (int)(std::is_signed<D>::value ? bits - 1 : bits));
  if (rounded >= end) return std::numeric_limits<D>::max();
  if (rounded < (std::is_signed<D>::value ? -end : A(0))) return std::numeric_limits<D>::min();
  return (D)rounded;
}

template <class D, class A, int MODE> void convert(Thread &t, const Instruction &i) {
  std::fesetround(MODE);
  A a = get<A>(t, i.a);
  asm volatile("" : "+m"(a));
  D d = (D)a;
  asm volatile("" : "+m"(d));
  std::fesetround(FE_TONEAREST);
  put<D>(t, i.d, d);
}

template <class D, class A> void add_roundings(Operations &all, const std::string &types) {
  all["cvt.rn." + types] = {unary<D, A, resized<D, A>>, 1};
  all["cvt.rz." + types] = {convert<D, A, FE_TOWARDZERO>, 1};
  all["cvt.rm." + types] = {convert<D, A, FE_DOWNWARD>, 1};
  all["cvt.rp." + types] = {convert<D, A, FE_UPWARD>, 1};
}

template <class D, class A> void add_whole(Operations &all, const std::string &types) {
  for (const char *saturation : {"", "sat."}) {
    all[std::string("cvt.rni.") + saturation + types] = {unary<D, A, whole<D, A, to_even<A>>>, 1};
    all[std::string("cvt.rzi.") + saturation + types] = {unary<D, A, whole<D, A, to_zero<A>>>, 1};
    all[std::string("cvt.rmi.") + saturation + types] = {unary<D, A, whole<D, A, down<A>>>, 1};
    all[std::string("cvt.rpi.") + saturation + types] = {unary<D, A, whole<D, A, up<A>>>, 1};
  }
}

template <class I> void add_floats_of(Operations &all, const std::string &type) {
  add_roundings<float, I>(all, "f32." + type);
  add_roundings<double, I>(all, "f64." + type);
  add_whole<I, float>(all, type + ".f32");
  add_whole<I, double>(all, type + ".f64");
}

template <class D, class A> void add_pair(Operations &all, const std::string &d, const char *a) {
  all["cvt." + d + "." + a] = {unary<D, A, resized<D, A>>, 1};
  all["cvt.sat." + d + "." + a] = {unary<D, A, saturated<D, A>>, 1};
}

template <class D> void add_target(Operations &all, const std::string &d) {
  add_pair<D, uint8_t>(all, d, "u8");
  add_pair<D, int8_t>(all, d, "s8");
  add_pair<D, uint16_t>(all, d, "u16");
  add_pair<D, int16_t>(all, d, "s16");
  add_pair<D, uint32_t>(all, d, "u32");
  add_pair<D, int32_t>(all, d, "s32");
  add_pair<D, uint64_t>(all, d, "u64");
  add_pair<D, int64_t>(all, d, "s64");
  add_floats_of<D>(all, d);
}

/** Rounded to a whole number that stays a float. */
template <class T> void add_integral(Operations &all, const std::string &type) {
  all["cvt.rni." + type + "." + type] = {unary<T, T, to_even<T>>, 1};
  all["cvt.rzi." + type + "." + type] = {unary<T, T, to_zero<T>>, 1};
  all["cvt.rmi." + type + "." + type] = {unary<T, T, down<T>>, 1};
  all["cvt.rpi." + type + "." + type] = {unary<T, T, up<T>>, 1};
}

}  // namespace

void add_conversions(Operations &all) {
  add_target<uint8_t>(all, "u8");
  add_target<int8_t>(all, "s8");
  add_target<uint16_t>(all, "u16");
  add_target<int16_t>(all, "s16");
  add_target<uint32_t>(all, "u32");
  add_target<int32_t>(all, "s32");
  add_target<uint64_t>(all, "u64");
  add_target<int64_t>(all, "s64");
  add_integral<float>(all, "f32");
  add_integral<double>(all, "f64");
  add_roundings<float, double>(all, "f32.f64");
  all["cvt.f64.f32"] = {unary<double, float, resized<double, float>>, 1};
}

}  // namespace ptx
