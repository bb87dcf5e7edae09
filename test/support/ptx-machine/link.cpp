#include "link.h"

#include <set>

#include "tokens.h"

namespace ptx {

static bool are_alike(const std::vector<Parameter> &declared, const std::vector<ParamRange> &given) {
  bool alike = declared.size() == given.size();
  for (size_t k = 0; alike && k < declared.size(); k++) alike = declared[k].size == given[k].size;
  return alike;
}

static void refuse_recursion(const Function &function, std::set<const Function *> &callers) {
  callers.insert(&function);
  for (const Instruction &i : function.body) {
    if (i.call == nullptr) continue;
    if (callers.count(i.call->callee) != 0) refuse(i.line, i.call->name + " calls itself: its stack has no known size");
    refuse_recursion(*i.call->callee, callers);
  }
  callers.erase(&function);
}

static void link_call(const Program &program, const Instruction &i) {
  CallSite &site = *i.call;
  const auto found = program.functions.find(site.name);
  if (found == program.functions.end() || found->second->body.empty())
    refuse(i.line, "there is no function " + site.name);
  site.callee = found->second.get();
  if (!are_alike(site.callee->parameters, site.arguments) || !are_alike(site.callee->results, site.results))
    refuse(i.line, "a call of " + site.name + " with other parameters than it declares");
}

void link_calls(Program &program) {
  for (const auto &named : program.functions)
    for (const Instruction &i : named.second->body)
      if (i.call != nullptr) link_call(program, i);
  std::set<const Function *> callers;
  for (const auto &named : program.functions) refuse_recursion(*named.second, callers);
}

}  // namespace ptx
