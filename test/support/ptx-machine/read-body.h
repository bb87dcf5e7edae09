#pragma once

#include "operand.h"

namespace ptx {

/** Statements up to the closing brace, whose opening one was taken. */
void read_body(Cursor &cursor, Program &program, Body &body);

}  // namespace ptx
