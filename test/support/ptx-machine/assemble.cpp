#include "assemble.h"

#include "flow.h"
#include "operations.h"
#include "read-memory.h"

namespace ptx {

static bool starts(const std::string &opcode, const char *with) {
  const std::string word = std::string(with) + ".";
  return opcode == with || opcode.compare(0, word.size(), word) == 0;
}

/** The address of a variable: a constant, but for those of frames. */
static void move_symbol(Instruction &i, const Operand &from, Body &body) {
  i.offset = from.symbol->offset + from.offset;
  i.run = from.symbol->space == Space::LOCAL ? local_address : copy;
  if (from.symbol->space != Space::LOCAL) i.a = body.constant(i.offset);
}

static unsigned bytes_of(const std::string &opcode) {
  return (unsigned)atoi(opcode.c_str() + opcode.find_last_not_of("0123456789") + 1) / 8;
}

static void move_vector(Instruction &i, const std::string &opcode, const Operand &vector, uint32_t whole, bool packs) {
  i.access = std::make_shared<Access>();
  i.access->values = vector.slots;
  i.access->width = bytes_of(opcode) / (unsigned)vector.slots.size();
  i.run = packs ? pack : unpack;
  (packs ? i.d : i.a) = whole;
}

static void read_move(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands, Body &body) {
  const std::vector<std::string> parts = parts_of(opcode);
  if (operands.size() != 2 || parts.size() != 2) refuse_opcode(i, opcode);
  const Operand &to = operands[0], &from = operands[1];
  i.d = to.slot;
  if (to.kind == OperandKind::VECTOR) return move_vector(i, opcode, to, from.slot, false);
  if (from.kind == OperandKind::VECTOR) return move_vector(i, opcode, from, to.slot, true);
  if (from.kind == OperandKind::SYMBOL) return move_symbol(i, from, body);
  i.a = from.slot;
  i.run = from.kind == OperandKind::SPECIAL ? reader_of(from.word) : parts[1] == "pred" ? copy_predicate : copy;
  if (i.run == nullptr || (from.kind != OperandKind::SPECIAL && from.slot == NONE))
    refuse(i.line, "the machine does not know " + from.word);
}

static ParamRange range_of(const Instruction &i, const std::string &name, const Body &body) {
  const Symbol *symbol = body.scopes.find_symbol(name);
  if (symbol == nullptr || symbol->space != Space::PARAM) refuse(i.line, name + " is no parameter of a call");
  return {(uint32_t)symbol->offset, symbol->size};
}

/** call{.uni} (results), name, (arguments) */
static void read_call(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands,
                      const Body &body) {
  i.run = call;
  i.call = std::make_shared<CallSite>();
  for (size_t k = 0; k < operands.size(); k++) {
    const Operand &operand = operands[k];
    if (operand.kind == OperandKind::WORD && i.call->name.empty())
      i.call->name = operand.word;
    else if (operand.kind != OperandKind::LIST)
      refuse_opcode(i, opcode);
    for (const std::string &name : operand.words)
      (i.call->name.empty() ? i.call->results : i.call->arguments).push_back(range_of(i, name, body));
  }
}

static void read_operation(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands) {
  const auto found = operations().find(opcode);
  if (found == operations().end()) refuse(i.line, "the machine does not know `" + opcode + "`");
  if ((int)operands.size() != 1 + found->second.sources) refuse_opcode(i, opcode);
  for (const Operand &operand : operands)
    if (operand.kind != OperandKind::VALUE || operand.slot == NONE || operand.second != NONE) refuse_opcode(i, opcode);
  i.run = found->second.run;
  uint32_t Instruction::*const slots[] = {&Instruction::d, &Instruction::a, &Instruction::b, &Instruction::c,
                                          &Instruction::e};
  for (size_t k = 0; k < operands.size(); k++) i.*slots[k] = operands[k].slot;
}

/** bar.sync 0: all threads of the block. */
static bool is_barrier(const std::string &opcode) {
  return opcode == "bar.sync" || opcode == "barrier.sync" || opcode == "barrier.sync.aligned";
}

static void read_barrier(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands, Body &body) {
  const bool is_zero = operands.size() == 1 && operands[0].slot == body.constant(0);
  if (!is_zero) refuse_opcode(i, opcode);
  i.run = wait_for_block;
}

void assemble(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands, Body &body) {
  if (starts(opcode, "ld") || starts(opcode, "st")) return read_access(i, opcode, operands);
  if (starts(opcode, "atom") || starts(opcode, "red")) return read_atomic(i, opcode, operands);
  if (starts(opcode, "cvta")) return read_conversion(i, opcode, operands);
  if (starts(opcode, "mov")) return read_move(i, opcode, operands, body);
  if (opcode == "call" || opcode == "call.uni") return read_call(i, opcode, operands, body);
  if (is_barrier(opcode)) return read_barrier(i, opcode, operands, body);
  if (opcode == "bra" || opcode == "bra.uni")
    i.run = branch;
  else if (opcode == "ret" || opcode == "ret.uni")
    i.run = leave;
  else if (opcode == "exit")
    i.run = exit_thread;
  else if (opcode == "trap")
    i.run = trap;
  else
    read_operation(i, opcode, operands);
}

}  // namespace ptx
