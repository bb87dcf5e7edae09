#pragma once

#include "program.h"

namespace ptx {

/**
 * Puts functions in place of their names. Throws a Fault for a call that does not fit, and for a recursion: of a kernel
 * that calls itself no compiler knows the stack, and a device gives it 1 KiB per thread.
 */
void link_calls(Program &program);

}  // namespace ptx
