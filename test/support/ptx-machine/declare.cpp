#include "declare.h"

#include <algorithm>

#include "loads.h"
#include "memory.h"

namespace ptx {

/** Room on either side of a variable of the module, and what its address is a multiple of. */
constexpr uint32_t ROOM = 64;

static uint32_t width_of(const std::string &type, uint32_t line) {
  const auto found = typed_accesses().find(type.substr(1));
  if (found == typed_accesses().end()) refuse(line, "the machine does not know the type " + type);
  return found->second.width;
}

Declaration read_declaration(Cursor &cursor) {
  Declaration declaration = {"", 0, 0, false};
  if (cursor.accept(".align")) declaration.align = (uint32_t)cursor.number();
  const uint32_t line = cursor.line(), width = width_of(cursor.take(), line);
  declaration.align = std::max(declaration.align, width);
  declaration.size = width;
  declaration.name = cursor.take();
  if (!cursor.accept("[")) return declaration;
  declaration.is_open = cursor.peek().text == "]";
  declaration.size = declaration.is_open ? 0 : width * (uint32_t)cursor.number();
  cursor.expect("]");
  return declaration;
}

uint32_t place(uint32_t &bytes, const Declaration &declaration) {
  const uint32_t offset = (bytes + declaration.align - 1) / declaration.align * declaration.align;
  bytes = offset + declaration.size;
  return offset;
}

void read_registers(Cursor &cursor, Body &body) {
  cursor.take();  // their type: every slot has 64 bits
  do {
    const std::string name = cursor.take();
    if (!cursor.accept("<")) {
      body.scopes.add_register(name, body.add_slots(1, UNWRITTEN));
      continue;
    }
    const uint32_t count = (uint32_t)cursor.number();
    body.scopes.add_registers(name, count, body.add_slots(count, UNWRITTEN));
    cursor.expect(">");
  } while (cursor.accept(","));
  cursor.expect(";");
}

static std::vector<uint8_t> read_values(Cursor &cursor, uint32_t size) {
  std::vector<uint8_t> values;
  if (!cursor.accept("=")) return values;
  cursor.expect("{");
  do values.push_back((uint8_t)cursor.number());
  while (cursor.accept(","));
  cursor.expect("}");
  if (values.size() > size) refuse(cursor.line(), "more values than the variable has bytes");
  return values;
}

void add_variable(Cursor &cursor, const Declaration &declaration, Program &program, Scopes &scopes) {
  const std::vector<uint8_t> values = read_values(cursor, declaration.size);
  Variable variable = {declaration.name, 0, std::make_unique<uint8_t[]>(declaration.size + 2 * ROOM)};
  variable.address = ((uint64_t)(uintptr_t)variable.bytes.get() + ROOM) / ROOM * ROOM;
  std::copy(values.begin(), values.end(), (uint8_t *)(uintptr_t)variable.address);
  device_memory().add(variable.address, declaration.size);
  device_memory().mark_written(variable.address, declaration.size);
  scopes.add_symbol(declaration.name, {Space::GLOBAL, (int64_t)variable.address, declaration.size});
  program.variables.push_back(std::move(variable));
}

Program::~Program() {
  for (const Variable &variable : variables) device_memory().remove(variable.address);
}

}  // namespace ptx
