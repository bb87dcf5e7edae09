#pragma once

#include "operand.h"

namespace ptx {

/** An opcode between its dots. */
std::vector<std::string> parts_of(const std::string &opcode);

/** Throws a Fault: an opcode, or a use of it, that the machine does not know. */
[[noreturn]] void refuse_opcode(const Instruction &instruction, const std::string &opcode);

/** False where a word names no state space. */
bool find_space(const std::string &word, Space &space);

/** ld{.space}{.nc}{.v2, .v4}.type and st. */
void read_access(Instruction &instruction, const std::string &opcode, const std::vector<Operand> &operands);

/** atom{.sem}{.scope}{.space}.op.type and red. */
void read_atomic(Instruction &instruction, const std::string &opcode, const std::vector<Operand> &operands);

/** cvta{.to}.space.u64 */
void read_conversion(Instruction &instruction, const std::string &opcode, const std::vector<Operand> &operands);

}  // namespace ptx
