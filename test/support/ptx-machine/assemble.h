#pragma once

#include "operand.h"

namespace ptx {

/** Fills in an instruction from its opcode and operands; throws a Fault that names what the machine does not know. */
void assemble(Instruction &instruction, const std::string &opcode, const std::vector<Operand> &operands, Body &body);

}  // namespace ptx
