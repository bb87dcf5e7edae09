// Opcodes whose operands are values: destination first, then sources, all of them registers or constants. What the
// table does not have the machine does not know, and refuses. Handlers are made by templates over the types an opcode
// names.
#pragma once

#include <map>
#include <string>

#include "thread.h"

namespace ptx {

struct Operation {
  Handler run;
  /** Of sources; all operations have one destination. */
  int sources;
};

typedef std::map<std::string, Operation> Operations;

/** Integer Arithmetic, Extended-Precision Integer Arithmetic. */
void add_integers(Operations &operations);
/** Logic and Shift. */
void add_bits(Operations &operations);
void add_bit_fields(Operations &operations);
/** Floating-Point Instructions. */
void add_floats(Operations &operations);
/** Comparison and Selection. */
void add_comparisons(Operations &operations);
/** cvt of Data Movement and Conversion. */
void add_conversions(Operations &operations);

/** All of them, by opcode with its modifiers: `add.rn.f64`. */
const Operations &operations();

template <class R, class T, R (*F)(T)> void unary(Thread &t, const Instruction &i) {
  put<R>(t, i.d, F(get<T>(t, i.a)));
}
template <class R, class T, R (*F)(T, T)> void binary(Thread &t, const Instruction &i) {
  put<R>(t, i.d, F(get<T>(t, i.a), get<T>(t, i.b)));
}

}  // namespace ptx
