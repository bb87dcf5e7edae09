#include "read-body.h"

#include "assemble.h"
#include "declare.h"
#include "flow.h"

namespace ptx {

/** Where instructions go, by their number, before the labels behind them are known. */
typedef std::map<size_t, std::string> Branches;

/** Of every device, without being asked for: CUDA C++ Programming Guide, Technical Specifications per Compute
 * Capability. */
constexpr uint32_t MOST_SHARED = 48 << 10;

static Symbol place_shared(uint32_t line, const Declaration &declaration, Function &function) {
  if (!function.is_entry) refuse(line, "the machine does not know shared variables of a function that is no kernel");
  const uint32_t offset = place(function.shared_bytes, declaration);
  if (function.shared_bytes > MOST_SHARED) refuse(line, "more shared memory than a block has");
  return {Space::SHARED, offset, declaration.size};
}

static void read_variable(Cursor &cursor, const std::string &directive, Program &program, Body &body) {
  const Declaration declaration = read_declaration(cursor);
  if (directive == ".param")
    body.scopes.add_symbol(declaration.name,
                           {Space::PARAM, place(body.function.param_bytes, declaration), declaration.size});
  else if (directive == ".local")
    body.scopes.add_symbol(declaration.name,
                           {Space::LOCAL, place(body.function.local_bytes, declaration), declaration.size});
  else if (directive == ".shared")
    body.scopes.add_symbol(declaration.name, place_shared(cursor.line(), declaration, body.function));
  else
    add_variable(cursor, declaration, program, body.scopes);
  cursor.expect(";");
}

static void read_directive(Cursor &cursor, Program &program, Body &body) {
  const uint32_t line = cursor.line();
  const std::string directive = cursor.take();
  if (directive == ".reg") return read_registers(cursor, body);
  if (directive == ".pragma") return cursor.expect(";");
  const bool is_variable =
      directive == ".param" || directive == ".local" || directive == ".shared" || directive == ".global";
  if (!is_variable) refuse(line, "the machine does not know " + directive);
  read_variable(cursor, directive, program, body);
}

static void read_guard(Cursor &cursor, Instruction &i, const Body &body) {
  if (!cursor.accept("@")) return;
  i.is_guard_negated = cursor.accept("!");
  const std::string name = cursor.take();
  i.guard = body.scopes.find_register(name);
  if (i.guard == NONE) refuse(i.line, "there is no predicate " + name);
}

static void read_instruction(Cursor &cursor, Body &body, Branches &branches) {
  Instruction i;
  i.line = cursor.line();
  read_guard(cursor, i, body);
  const std::string opcode = cursor.take();
  const std::vector<Operand> operands = read_operands(cursor, body);
  assemble(i, opcode, operands, body);
  if (i.run == branch) branches[body.function.body.size()] = operands.empty() ? "" : operands[0].word;
  body.function.body.push_back(i);
}

static void read_statement(Cursor &cursor, Program &program, Body &body, Branches &branches) {
  if (cursor.accept("{")) return body.scopes.open();
  if (cursor.accept("}")) return body.scopes.close();
  if (cursor.peek_after().text == ":") {
    body.labels[cursor.take()] = (int64_t)body.function.body.size();
    return cursor.expect(":");
  }
  if (cursor.peek().text[0] == '.') return read_directive(cursor, program, body);
  read_instruction(cursor, body, branches);
}

void read_body(Cursor &cursor, Program &program, Body &body) {
  const size_t outside = body.scopes.depth();
  Branches branches;
  body.scopes.open();
  while (body.scopes.depth() > outside) read_statement(cursor, program, body, branches);
  for (const auto &[at, label] : branches) {
    const auto found = body.labels.find(label);
    if (found == body.labels.end()) refuse(body.function.body[at].line, "there is no label " + label);
    body.function.body[at].offset = found->second;
  }
  // the end of a body is a return
  Instruction end;
  end.run = leave;
  end.line = cursor.line();
  body.function.body.push_back(end);
}

}  // namespace ptx
