#include <cfenv>
#include <cmath>

#include "operations.h"

// Compiled without contraction (-ffp-contract=off). Operations without a rounding modifier (add.f32) are not in the
// table: a driver's compiler may fuse them. Nor are approximations (.approx, .full), whose bits depend on the device.
namespace ptx {
namespace {

/** Floating-Point Rounding Modifiers. */
struct Rounding {
  const char *name;
  int mode;
};
constexpr Rounding ROUNDINGS[] = {{"rn", FE_TONEAREST}, {"rz", FE_TOWARDZERO}, {"rm", FE_DOWNWARD}, {"rp", FE_UPWARD}};

/** Hides a value from the compiler, which would compute in advance, or after the mode is back. */
template <class T> T hidden(T value) {
  asm volatile("" : "+x"(value));
  return value;
}

template <class T> T add_of(T a, T b, T) { return a + b; }
template <class T> T sub_of(T a, T b, T) { return a - b; }
template <class T> T mul_of(T a, T b, T) { return a * b; }
template <class T> T div_of(T a, T b, T) { return a / b; }
template <class T> T fma_of(T a, T b, T c) { return std::fma(a, b, c); }
template <class T> T sqrt_of(T a, T, T) { return std::sqrt(a); }
template <class T> T rcp_of(T a, T, T) { return 1 / a; }

/** .ftz: subnormal inputs and results are 0 of their sign. */
template <class T, bool FLUSHES> T flushed(T value) {
  return FLUSHES && std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(T(0), value) : value;
}

template <class T, T (*F)(T, T, T), int MODE, bool FLUSHES> void compute(Thread &t, const Instruction &i) {
  const auto operand = [&](uint32_t slot) { return slot == NONE ? T(0) : flushed<T, FLUSHES>(get<T>(t, slot)); };
  const T a = operand(i.a), b = operand(i.b), c = operand(i.c);
  if (MODE == FE_TONEAREST) return put<T>(t, i.d, flushed<T, FLUSHES>(F(a, b, c)));
  std::fesetround(MODE);
  const T result = hidden(F(hidden(a), hidden(b), hidden(c)));
  std::fesetround(FE_TONEAREST);
  put<T>(t, i.d, flushed<T, FLUSHES>(result));
}

template <class T, T (*F)(T, T, T), bool FLUSHES>
void add_modes(Operations &all, const std::string &before, const std::string &after, int sources) {
  constexpr Handler BY_MODE[] = {compute<T, F, FE_TONEAREST, FLUSHES>, compute<T, F, FE_TOWARDZERO, FLUSHES>,
                                 compute<T, F, FE_DOWNWARD, FLUSHES>, compute<T, F, FE_UPWARD, FLUSHES>};
  for (int k = 0; k < 4; k++) all[before + "." + ROUNDINGS[k].name + after] = {BY_MODE[k], sources};
}

template <class T, T (*F)(T, T, T)>
void add_rounded(Operations &all, const std::string &name, const std::string &type, int sources) {
  add_modes<T, F, false>(all, name, "." + type, sources);
  if (type == "f32") add_modes<T, F, true>(all, name, ".ftz.f32", sources);
}

/** Of a number and a NaN the number; -0 is below +0. */
template <class T> T smaller_of(T a, T b) {
  if (a == b) return std::signbit(a) ? a : b;
  return a < b || b != b ? a : b;
}
template <class T> T larger_of(T a, T b) {
  if (a == b) return std::signbit(a) ? b : a;
  return a > b || b != b ? a : b;
}
template <class T> T magnitude_of(T a) { return std::fabs(a); }
template <class T> T negative_of(T a) { return -a; }
/** The sign of a, the magnitude of b. */
template <class T> T with_sign(T a, T b) { return std::copysign(b, a); }

template <class T> void add_float(Operations &all, const std::string &type) {
  add_rounded<T, add_of<T>>(all, "add", type, 2);
  add_rounded<T, sub_of<T>>(all, "sub", type, 2);
  add_rounded<T, mul_of<T>>(all, "mul", type, 2);
  add_rounded<T, div_of<T>>(all, "div", type, 2);
  add_rounded<T, fma_of<T>>(all, "fma", type, 3);
  add_rounded<T, sqrt_of<T>>(all, "sqrt", type, 1);
  add_rounded<T, rcp_of<T>>(all, "rcp", type, 1);
  all["min." + type] = {binary<T, T, smaller_of<T>>, 2};
  all["max." + type] = {binary<T, T, larger_of<T>>, 2};
  all["abs." + type] = {unary<T, T, magnitude_of<T>>, 1};
  all["neg." + type] = {unary<T, T, negative_of<T>>, 1};
  all["copysign." + type] = {binary<T, T, with_sign<T>>, 2};
}

}  // namespace

void add_floats(Operations &all) {
  add_float<float>(all, "f32");
  add_float<double>(all, "f64");
}

}  // namespace ptx
