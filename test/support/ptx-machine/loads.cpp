#include "loads.h"

#include <algorithm>

#include "access.h"

namespace ptx {

namespace {

template <class T> void load(Thread &t, const Instruction &i) {
  const uint8_t *from = touch(t, i, Touch::READ);
  for (size_t k = 0; k < i.access->values.size(); k++) {
    T value;
    memcpy(&value, from + k * sizeof value, sizeof value);
    if (i.access->values[k] != NONE) put<T>(t, i.access->values[k], value);
  }
}

template <class T> void store(Thread &t, const Instruction &i) {
  uint8_t *to = touch(t, i, Touch::WRITE);
  for (size_t k = 0; k < i.access->values.size(); k++) memcpy(to + k * sizeof(T), &t.r[i.access->values[k]], sizeof(T));
}

}  // namespace

const std::map<std::string, TypedAccess> &typed_accesses() {
  // floats as bits: a load changes no NaN
  static const std::map<std::string, TypedAccess> ALL = {
      {"b8", {1, load<uint8_t>, store<uint8_t>}},    {"u8", {1, load<uint8_t>, store<uint8_t>}},
      {"s8", {1, load<int8_t>, store<int8_t>}},      {"b16", {2, load<uint16_t>, store<uint16_t>}},
      {"u16", {2, load<uint16_t>, store<uint16_t>}}, {"s16", {2, load<int16_t>, store<int16_t>}},
      {"b32", {4, load<uint32_t>, store<uint32_t>}}, {"u32", {4, load<uint32_t>, store<uint32_t>}},
      {"s32", {4, load<int32_t>, store<int32_t>}},   {"f32", {4, load<uint32_t>, store<uint32_t>}},
      {"b64", {8, load<uint64_t>, store<uint64_t>}}, {"u64", {8, load<uint64_t>, store<uint64_t>}},
      {"s64", {8, load<int64_t>, store<int64_t>}},   {"f64", {8, load<uint64_t>, store<uint64_t>}}};
  return ALL;
}

namespace {

template <class T> T plus(T a, T b, T) { return a + b; }
template <class T> T least(T a, T b, T) { return std::min(a, b); }
template <class T> T most(T a, T b, T) { return std::max(a, b); }
template <class T> T and_of(T a, T b, T) { return a & b; }
template <class T> T or_of(T a, T b, T) { return a | b; }
template <class T> T xor_of(T a, T b, T) { return a ^ b; }
template <class T> T second(T, T b, T) { return b; }
template <class T> T swap_if_equal(T a, T b, T c) { return a == b ? c : a; }

/** atom d, [a], b, c: what was there goes to d. The slots of b and c are the instruction's. */
template <class T, T (*F)(T, T, T)> void atomic(Thread &t, const Instruction &i) {
  uint8_t *at = touch(t, i, Touch::ATOMIC);
  T old;
  memcpy(&old, at, sizeof old);
  const T value = F(old, get<T>(t, i.b), i.c == NONE ? T(0) : get<T>(t, i.c));
  memcpy(at, &value, sizeof value);
  if (i.d != NONE) put<T>(t, i.d, old);
}

template <class T> void add_arithmetic(std::map<std::string, Handler> &all, const std::string &type) {
  all["add." + type] = atomic<T, plus<T>>;
  all["min." + type] = atomic<T, least<T>>;
  all["max." + type] = atomic<T, most<T>>;
}

template <class T> void add_logic(std::map<std::string, Handler> &all, const std::string &type) {
  all["and." + type] = atomic<T, and_of<T>>;
  all["or." + type] = atomic<T, or_of<T>>;
  all["xor." + type] = atomic<T, xor_of<T>>;
  all["exch." + type] = atomic<T, second<T>>;
  all["cas." + type] = atomic<T, swap_if_equal<T>>;
}

}  // namespace

Handler atomic_of(const std::string &operation) {
  static const std::map<std::string, Handler> ALL = [] {
    std::map<std::string, Handler> made;
    add_arithmetic<uint32_t>(made, "u32");
    add_arithmetic<int32_t>(made, "s32");
    add_arithmetic<uint64_t>(made, "u64");
    add_arithmetic<int64_t>(made, "s64");
    add_logic<uint32_t>(made, "b32");
    add_logic<uint64_t>(made, "b64");
    made["add.f32"] = atomic<float, plus<float>>;
    made["add.f64"] = atomic<double, plus<double>>;
    return made;
  }();
  const auto found = ALL.find(operation);
  return found == ALL.end() ? nullptr : found->second;
}

}  // namespace ptx
