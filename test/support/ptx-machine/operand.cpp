#include "operand.h"

namespace ptx {

uint32_t Body::add_slots(uint32_t count, uint64_t value) {
  const uint32_t first = (uint32_t)function.slots.size();
  function.slots.resize(first + count, value);
  return first;
}

uint32_t Body::constant(int64_t value) {
  const auto found = constants.find(value);
  if (found != constants.end()) return found->second;
  return constants[value] = add_slots(1, (uint64_t)value);
}

static bool is_number(const Cursor &cursor) {
  int64_t value;
  return cursor.peek().text == "-" || read_constant(cursor.peek().text, value);
}

/** A register or constant. */
static uint32_t read_value(Cursor &cursor, Body &body) {
  if (is_number(cursor)) return body.constant(cursor.number());
  const uint32_t line = cursor.line();
  const std::string name = cursor.take();
  const uint32_t slot = name == "_" ? NONE : body.scopes.find_register(name);
  if (slot == NONE && name != "_") refuse(line, "there is no register " + name);
  return slot;
}

static Operand read_vector(Cursor &cursor, Body &body) {
  Operand operand = {OperandKind::VECTOR};
  do operand.slots.push_back(read_value(cursor, body));
  while (cursor.accept(","));
  cursor.expect("}");
  return operand;
}

static int64_t read_offset(Cursor &cursor) { return cursor.accept("+") ? cursor.number() : 0; }

/** Addresses as Operands: [reg+off], [var+off], [number]. */
static Operand read_address(Cursor &cursor, Body &body) {
  Operand operand = {OperandKind::ADDRESS};
  if (is_number(cursor)) {
    operand.offset = cursor.number();
  } else {
    operand.symbol = body.scopes.find_symbol(cursor.peek().text);
    if (operand.symbol != nullptr)
      cursor.take();
    else
      operand.slot = read_value(cursor, body);
    operand.offset = read_offset(cursor);
  }
  cursor.expect("]");
  return operand;
}

static Operand read_list(Cursor &cursor) {
  Operand operand = {OperandKind::LIST};
  while (!cursor.accept(")")) {
    operand.words.push_back(cursor.take());
    cursor.accept(",");
  }
  return operand;
}

static bool is_special(const std::string &word) { return word[0] == '%'; }

static Operand read_operand(Cursor &cursor, Body &body) {
  if (cursor.accept("{")) return read_vector(cursor, body);
  if (cursor.accept("[")) return read_address(cursor, body);
  if (cursor.accept("(")) return read_list(cursor);
  const std::string word = cursor.peek().text;
  Operand operand = {OperandKind::VALUE};
  if (is_number(cursor) || word == "_" || body.scopes.find_register(word) != NONE) {
    operand.slot = read_value(cursor, body);
    if (cursor.accept("|")) operand.second = read_value(cursor, body);
    return operand;
  }
  operand.word = cursor.take();
  operand.symbol = body.scopes.find_symbol(word);
  operand.kind = operand.symbol != nullptr ? OperandKind::SYMBOL
                 : is_special(word)        ? OperandKind::SPECIAL
                                           : OperandKind::WORD;
  operand.offset = read_offset(cursor);
  return operand;
}

std::vector<Operand> read_operands(Cursor &cursor, Body &body) {
  std::vector<Operand> operands;
  if (cursor.accept(";")) return operands;
  do operands.push_back(read_operand(cursor, body));
  while (cursor.accept(","));
  cursor.expect(";");
  return operands;
}

}  // namespace ptx
