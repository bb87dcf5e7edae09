#pragma once

#include <map>
#include <string>

#include "thread.h"

namespace ptx {

/** Handlers of one type: `f64`. */
struct TypedAccess {
  unsigned width;
  Handler load, store;
};

/** Fundamental Types, by name without the dot. */
const std::map<std::string, TypedAccess> &typed_accesses();

/** Of an atomic operation and type: `add.u64`; null where the machine does not know it. `red` has no destination. */
Handler atomic_of(const std::string &operation);

}  // namespace ptx
