#include "operations.h"

namespace ptx {
namespace {

template <class T> bool eq(T a, T b) { return a == b; }
template <class T> bool ne(T a, T b) { return a != b && a == a && b == b; }
template <class T> bool lt(T a, T b) { return a < b; }
template <class T> bool le(T a, T b) { return a <= b; }
template <class T> bool gt(T a, T b) { return a > b; }
template <class T> bool ge(T a, T b) { return a >= b; }
// True where an operand is NaN.
template <class T> bool equ(T a, T b) { return !ne(a, b); }
template <class T> bool neu(T a, T b) { return !(a == b); }
template <class T> bool ltu(T a, T b) { return !(a >= b); }
template <class T> bool leu(T a, T b) { return !(a > b); }
template <class T> bool gtu(T a, T b) { return !(a <= b); }
template <class T> bool geu(T a, T b) { return !(a < b); }
template <class T> bool num(T a, T b) { return a == a && b == b; }
template <class T> bool nan(T a, T b) { return !num(a, b); }

bool all_of(bool a, bool b) { return a && b; }
bool any_of(bool a, bool b) { return a || b; }
bool one_of(bool a, bool b) { return a != b; }

template <class T, bool (*IS)(T, T), bool (*WITH)(bool, bool)> void compare_with(Thread &t, const Instruction &i) {
  put<bool>(t, i.d, WITH(IS(get<T>(t, i.a), get<T>(t, i.b)), get<bool>(t, i.c)));
}

/** `setp.lt.s32 p, a, b` and `setp.lt.and.s32 p, a, b, c`. */
template <class T, bool (*IS)(T, T)> void add_comparison(Operations &all, const char *name, const std::string &type) {
  const std::string start = std::string("setp.") + name + ".";
  all[start + type] = {binary<bool, T, IS>, 2};
  all[start + "and." + type] = {compare_with<T, IS, all_of>, 3};
  all[start + "or." + type] = {compare_with<T, IS, any_of>, 3};
  all[start + "xor." + type] = {compare_with<T, IS, one_of>, 3};
}

template <class T> void add_equalities(Operations &all, const std::string &type) {
  add_comparison<T, eq<T>>(all, "eq", type);
  add_comparison<T, ne<T>>(all, "ne", type);
}

template <class T> void add_order(Operations &all, const std::string &type) {
  add_equalities<T>(all, type);
  add_comparison<T, lt<T>>(all, "lt", type);
  add_comparison<T, le<T>>(all, "le", type);
  add_comparison<T, gt<T>>(all, "gt", type);
  add_comparison<T, ge<T>>(all, "ge", type);
}

template <class T> void add_unordered(Operations &all, const std::string &type) {
  add_order<T>(all, type);
  add_comparison<T, equ<T>>(all, "equ", type);
  add_comparison<T, neu<T>>(all, "neu", type);
  add_comparison<T, ltu<T>>(all, "ltu", type);
  add_comparison<T, leu<T>>(all, "leu", type);
  add_comparison<T, gtu<T>>(all, "gtu", type);
  add_comparison<T, geu<T>>(all, "geu", type);
  add_comparison<T, num<T>>(all, "num", type);
  add_comparison<T, nan<T>>(all, "nan", type);
}

void select(Thread &t, const Instruction &i) { t.r[i.d] = t.r[get<bool>(t, i.c) ? i.a : i.b]; }

}  // namespace

void add_comparisons(Operations &all) {
  add_order<uint16_t>(all, "u16");
  add_order<int16_t>(all, "s16");
  add_order<uint32_t>(all, "u32");
  add_order<int32_t>(all, "s32");
  add_order<uint64_t>(all, "u64");
  add_order<int64_t>(all, "s64");
  add_equalities<uint16_t>(all, "b16");
  add_equalities<uint32_t>(all, "b32");
  add_equalities<uint64_t>(all, "b64");
  add_unordered<float>(all, "f32");
  add_unordered<double>(all, "f64");
  for (const char *type : {"b16", "b32", "b64", "u16", "u32", "u64", "s16", "s32", "s64", "f32", "f64"})
    all[std::string("selp.") + type] = {select, 3};
}

}  // namespace ptx
