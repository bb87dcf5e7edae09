#include <algorithm>
#include <limits>

#include "operations.h"

// Compiled with -fwrapv: sums and products are modulo 2^n.
namespace ptx {
namespace {

template <class T> T add(T a, T b) { return (T)(a + b); }
template <class T> T sub(T a, T b) { return (T)(a - b); }
template <class T> T mul(T a, T b) { return (T)((uint64_t)a * (uint64_t)b); }
template <class T> T smaller(T a, T b) { return std::min(a, b); }
template <class T> T larger(T a, T b) { return std::max(a, b); }
template <class T> T neg(T a) { return (T)-a; }
template <class T> T magnitude(T a) { return (T)(a < 0 ? -a : a); }

template <class T> T mul_high(T a, T b) {
  const __int128 product = std::is_signed<T>::value ? (__int128)a * b : (__int128)((unsigned __int128)a * b);
  return (T)(product >> (8 * sizeof(T)));
}

template <class T, class W> void mul_wide(Thread &t, const Instruction &i) {
  put<W>(t, i.d, (W)get<T>(t, i.a) * (W)get<T>(t, i.b));
}
template <class T, class W> void mad_wide(Thread &t, const Instruction &i) {
  put<W>(t, i.d, (W)get<T>(t, i.a) * (W)get<T>(t, i.b) + get<W>(t, i.c));
}
template <class T, T (*F)(T, T)> void mad(Thread &t, const Instruction &i) {
  put<T>(t, i.d, (T)(F(get<T>(t, i.a), get<T>(t, i.b)) + get<T>(t, i.c)));
}

/** By 0 the result is unspecified; the smallest by -1 wraps, and would trap here. */
template <class T, bool IS_REST> void divide(Thread &t, const Instruction &i) {
  const T a = get<T>(t, i.a), b = get<T>(t, i.b);
  if (b == 0) fail(t, "a division by zero, which may give anything");
  const bool overflows = std::is_signed<T>::value && b == (T)-1;
  const T quotient = overflows ? neg(a) : (T)(a / b);
  put<T>(t, i.d, IS_REST ? (T)(a - quotient * b) : quotient);
}

/** d = a + b + carry in, or a - b - borrow in; both sides of a carry are CC.CF. */
template <class T, bool TAKES, bool IS_MINUS, bool LEAVES> void carry(Thread &t, const Instruction &i, T a, T b) {
  const unsigned __int128 one = a, other = b, in = TAKES ? t.carry : 0;
  const unsigned __int128 sum = IS_MINUS ? one - other - in : one + other + in;
  put<T>(t, i.d, (T)sum);
  if (LEAVES) t.carry = (uint32_t)(sum >> (8 * sizeof(T))) & 1;
}
template <class T, bool TAKES, bool IS_MINUS, bool LEAVES> void add_carry(Thread &t, const Instruction &i) {
  carry<T, TAKES, IS_MINUS, LEAVES>(t, i, get<T>(t, i.a), get<T>(t, i.b));
}
template <class T, T (*F)(T, T), bool TAKES, bool LEAVES> void mad_carry(Thread &t, const Instruction &i) {
  carry<T, TAKES, false, LEAVES>(t, i, F(get<T>(t, i.a), get<T>(t, i.b)), get<T>(t, i.c));
}

template <class T> void add_type(Operations &all, const std::string &type) {
  all["add." + type] = {binary<T, T, add<T>>, 2};
  all["sub." + type] = {binary<T, T, sub<T>>, 2};
  all["mul.lo." + type] = {binary<T, T, mul<T>>, 2};
  all["mul.hi." + type] = {binary<T, T, mul_high<T>>, 2};
  all["mad.lo." + type] = {mad<T, mul<T>>, 3};
  all["mad.hi." + type] = {mad<T, mul_high<T>>, 3};
  all["div." + type] = {divide<T, false>, 2};
  all["rem." + type] = {divide<T, true>, 2};
  all["min." + type] = {binary<T, T, smaller<T>>, 2};
  all["max." + type] = {binary<T, T, larger<T>>, 2};
  if (!std::is_signed<T>::value) return;
  all["neg." + type] = {unary<T, T, neg<T>>, 1};
  all["abs." + type] = {unary<T, T, magnitude<T>>, 1};
}

template <class T, class W> void add_wide(Operations &all, const std::string &type) {
  all["mul.wide." + type] = {mul_wide<T, W>, 2};
  all["mad.wide." + type] = {mad_wide<T, W>, 3};
}

template <class T> void add_carries(Operations &all, const std::string &type) {
  all["add.cc." + type] = {add_carry<T, false, false, true>, 2};
  all["addc." + type] = {add_carry<T, true, false, false>, 2};
  all["addc.cc." + type] = {add_carry<T, true, false, true>, 2};
  all["sub.cc." + type] = {add_carry<T, false, true, true>, 2};
  all["subc." + type] = {add_carry<T, true, true, false>, 2};
  all["subc.cc." + type] = {add_carry<T, true, true, true>, 2};
  all["mad.lo.cc." + type] = {mad_carry<T, mul<T>, false, true>, 3};
  all["madc.lo." + type] = {mad_carry<T, mul<T>, true, false>, 3};
  all["madc.lo.cc." + type] = {mad_carry<T, mul<T>, true, true>, 3};
  all["mad.hi.cc." + type] = {mad_carry<T, mul_high<T>, false, true>, 3};
  all["madc.hi." + type] = {mad_carry<T, mul_high<T>, true, false>, 3};
  all["madc.hi.cc." + type] = {mad_carry<T, mul_high<T>, true, true>, 3};
}

}  // namespace

void add_integers(Operations &all) {
  add_type<uint16_t>(all, "u16");
  add_type<int16_t>(all, "s16");
  add_type<uint32_t>(all, "u32");
  add_type<int32_t>(all, "s32");
  add_type<uint64_t>(all, "u64");
  add_type<int64_t>(all, "s64");
  add_wide<uint16_t, uint32_t>(all, "u16");
  add_wide<int16_t, int32_t>(all, "s16");
  add_wide<uint32_t, uint64_t>(all, "u32");
  add_wide<int32_t, int64_t>(all, "s32");
  add_carries<uint32_t>(all, "u32");
  add_carries<uint64_t>(all, "u64");
}

}  // namespace ptx
