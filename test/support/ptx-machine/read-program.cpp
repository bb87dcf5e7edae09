#include <sstream>

#include "declare.h"
#include "link.h"
#include "read-body.h"

namespace ptx {

/** `(.param .b64 a, .param .b32 b)`, from behind the parenthesis. */
static std::vector<Parameter> read_parameters(Cursor &cursor, Function &function, Scopes &scopes) {
  std::vector<Parameter> parameters;
  while (!cursor.accept(")")) {
    cursor.expect(".param");
    const Declaration declaration = read_declaration(cursor);
    const uint32_t offset = place(function.param_bytes, declaration);
    parameters.push_back({declaration.align, declaration.size, offset});
    scopes.add_symbol(declaration.name, {Space::PARAM, offset, declaration.size});
    cursor.accept(",");
  }
  return parameters;
}

/** Performance-Tuning Directives: how many threads a block may have is the one that shows. */
static void read_limits(Cursor &cursor, Function &function) {
  while (cursor.peek().text[0] == '.') {
    const uint32_t line = cursor.line();
    const std::string directive = cursor.take();
    if (directive == ".noreturn") continue;
    if (directive != ".maxntid" && directive != ".minnctapersm" && directive != ".maxnreg")
      refuse(line, "the machine does not know " + directive);
    uint32_t product = 1;
    do product *= (uint32_t)cursor.number();
    while (cursor.accept(","));
    if (directive == ".maxntid") function.max_threads = product;
  }
}

/** Of a function that was declared before, its body. Results lie behind the parameters, as a launch fills those. */
static void read_function(Cursor &cursor, bool is_entry, Program &program, Scopes &scopes) {
  auto function = std::make_unique<Function>();
  function->is_entry = is_entry;
  function->shared_bytes = program.shared_bytes;
  scopes.open();
  Cursor results = cursor;
  if (cursor.accept("("))
    while (!cursor.accept(")")) cursor.take();
  function->name = cursor.take();
  if (cursor.accept("(")) function->parameters = read_parameters(cursor, *function, scopes);
  function->parameter_bytes = function->param_bytes;
  if (results.accept("(")) function->results = read_parameters(results, *function, scopes);
  read_limits(cursor, *function);
  Body body = {*function, scopes, {}, {}};
  if (!cursor.accept(";")) {
    cursor.expect("{");
    read_body(cursor, program, body);
  }
  scopes.close();
  auto &slot = program.functions[function->name];
  if (slot == nullptr || slot->body.empty()) slot = std::move(function);
}

static void read_module_variable(Cursor &cursor, const std::string &space, Program &program, Scopes &scopes) {
  const Declaration declaration = read_declaration(cursor);
  if (space == ".shared")
    scopes.add_symbol(declaration.name, {Space::SHARED, place(program.shared_bytes, declaration), declaration.size});
  else
    add_variable(cursor, declaration, program, scopes);
  cursor.expect(";");
}

static void read_statement(Cursor &cursor, Program &program, Scopes &scopes) {
  const uint32_t line = cursor.line();
  const std::string word = cursor.take();
  if (word == ".version" || word == ".address_size") {
    cursor.take();
  } else if (word == ".target") {
    do cursor.take();
    while (cursor.accept(","));
  } else if (word == ".func" || word == ".entry") {
    read_function(cursor, word == ".entry", program, scopes);
  } else if (word == ".global" || word == ".shared") {
    read_module_variable(cursor, word, program, scopes);
  } else if (word != ".visible" && word != ".weak") {
    refuse(line, "the machine does not know " + word);
  }
}

std::unique_ptr<Program> read_program(const std::string &text) {
  auto program = std::make_unique<Program>();
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) program->lines.push_back(line);
  const std::vector<Token> tokens = split_tokens(text);
  Cursor cursor(tokens);
  Scopes scopes;
  scopes.open();
  while (!cursor.is_at_end()) read_statement(cursor, *program, scopes);
  link_calls(*program);
  return program;
}

}  // namespace ptx
