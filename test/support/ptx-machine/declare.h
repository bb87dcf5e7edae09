#pragma once

#include "operand.h"

namespace ptx {

/** A variable as it is declared: `.align 8 .b8 name[48]`, `.u64 name`, `name[]`. */
struct Declaration {
  std::string name;
  uint32_t align, size;
  /** `name[]`: dynamic shared memory. */
  bool is_open;
};

/** What follows the state space. */
Declaration read_declaration(Cursor &cursor);

/** Takes room of a state space, as its alignment wants. */
uint32_t place(uint32_t &bytes, const Declaration &declaration);

/** `.reg .b32 %r<38>;` or a list of names. */
void read_registers(Cursor &cursor, Body &body);

/** A variable of the module, or of a function's statics: its initial value, or zeros, are memory of the device. */
void add_variable(Cursor &cursor, const Declaration &declaration, Program &program, Scopes &scopes);

}  // namespace ptx
