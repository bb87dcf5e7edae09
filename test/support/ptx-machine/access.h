#pragma once

#include "races.h"
#include "thread.h"

namespace ptx {

/**
 * The bytes that a load, store or atomic touches. Throws a Fault where they are not aligned to the size of the whole
 * access, not within one live allocation or frame, of another state space than the instruction's, in a race, or of
 * global, shared or .param memory and read before they were written.
 */
uint8_t *touch(Thread &thread, const Instruction &instruction, Touch touch);

/** The handler of an address conversion: cvta. `to` is that of a generic address to one of the space. */
Handler conversion_of(Space space, bool to);

}  // namespace ptx
