#include "operations.h"

namespace ptx {

const Operations &operations() {
  static const Operations all = [] {
    Operations made;
    add_integers(made);
    add_bits(made);
    add_bit_fields(made);
    add_floats(made);
    add_comparisons(made);
    add_conversions(made);
    return made;
  }();
  return all;
}

}  // namespace ptx
