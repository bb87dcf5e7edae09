#include "modules.h"

#include <cstdlib>
#include <cstring>

#include "driver.h"

/** Entries and their parameters, as the text has them: `.param .align 8 .b8 name_param_0[48],` */
static int parse_ptx(const std::string &text, Module &module) {
  if (text.find(".version") == std::string::npos) return INVALID_PTX;
  size_t at = 0;
  while ((at = text.find(".visible .entry ", at)) != std::string::npos) {
    at += strlen(".visible .entry ");
    const size_t open = text.find('(', at), close = text.find(')', open);
    const std::string name = text.substr(at, open - at), list = text.substr(open, close - open);
    Function function = {name, nullptr, {}, nullptr, nullptr};
    for (const Entry &entry : ENTRIES)
      if (name == entry.name) function.entry = &entry;
    for (size_t p = list.find(".align "); p != std::string::npos; p = list.find(".align ", p + 1))
      function.parameters.push_back({(size_t)atol(list.c_str() + p + 7), (size_t)atol(list.c_str() + list.find('[', p) + 1)});
    module[name] = function;
    at = close;
  }
  return SUCCESS;
}

/** The same, as the machine has them. */
static int interpret_ptx(const std::string &text, Module &module) {
  std::string complaint;
  const std::shared_ptr<const ptx::Program> program = load_program(text, complaint);
  REQUIRE(program != nullptr, (complain("PTX that the machine does not take", complaint), INVALID_PTX));
  for (const auto &named : program->functions) {
    const ptx::Function *kernel = find_kernel(*program, named.first);
    if (kernel == nullptr) continue;
    Function function = {named.first, nullptr, {}, kernel, program};
    for (const ptx::Parameter &parameter : kernel->parameters) function.parameters.push_back({parameter.align, parameter.size});
    module[named.first] = function;
  }
  return SUCCESS;
}

EXPORT int cuModuleLoadDataEx(void **module, const void *image, unsigned, int *, void **) {
  REQUIRE_CONTEXT();
  Module *loaded = new Module;
  *module = loaded;
  const char *text = (const char *)image;
  return setting("PTX", 0) != 0 ? interpret_ptx(text, *loaded) : parse_ptx(text, *loaded);
}

EXPORT int cuModuleUnload(void *module) {
  delete (Module *)module;
  return SUCCESS;
}

EXPORT int cuModuleGetFunction(void **function, void *module, const char *name) {
  REQUIRE_CONTEXT();
  const auto found = ((Module *)module)->find(name);
  REQUIRE(found != ((Module *)module)->end(), NOT_FOUND);
  REQUIRE(found->second.entry != nullptr || found->second.kernel != nullptr, NOT_FOUND);
  *function = &found->second;
  return SUCCESS;
}
