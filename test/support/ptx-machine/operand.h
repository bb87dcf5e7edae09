#pragma once

#include "scope.h"
#include "tokens.h"

namespace ptx {

enum class OperandKind { VALUE, VECTOR, ADDRESS, LIST, SPECIAL, SYMBOL, WORD };

/** Instruction Operands. */
struct Operand {
  OperandKind kind;
  /** A register or constant; of an address its base, or NONE. Of a pair `p|q`, p. */
  uint32_t slot = NONE;
  /** q of a pair. */
  uint32_t second = NONE;
  std::vector<uint32_t> slots;
  /** A variable, alone or as the base of an address. */
  const Symbol *symbol = nullptr;
  int64_t offset = 0;
  /** A label, function or special register; the names of a list. */
  std::string word;
  std::vector<std::string> words;
};

/** What a body is read into. */
struct Body {
  Function &function;
  Scopes &scopes;
  /** Slots of constants, by their bits. */
  std::map<int64_t, uint32_t> constants;
  /** Numbers of instructions. */
  std::map<std::string, int64_t> labels;

  uint32_t add_slots(uint32_t count, uint64_t value);
  uint32_t constant(int64_t value);
};

/** Operands up to the semicolon. */
std::vector<Operand> read_operands(Cursor &cursor, Body &body);

}  // namespace ptx
