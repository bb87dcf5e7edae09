#include "scope.h"

#include <cstdlib>

namespace ptx {

uint32_t Scopes::find_register(const std::string &name) const {
  const size_t digits = name.find_last_not_of("0123456789") + 1;
  const std::string prefix = name.substr(0, digits);
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto exact = scope->registers.find(name);
    if (exact != scope->registers.end()) return exact->second;
    const auto range = scope->ranges.find(prefix);
    if (range == scope->ranges.end() || digits == name.size()) continue;
    const uint32_t number = (uint32_t)atol(name.c_str() + digits);
    if (number < range->second.count) return range->second.slot + number;
  }
  return NONE;
}

const Symbol *Scopes::find_symbol(const std::string &name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->symbols.find(name);
    if (found != scope->symbols.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace ptx
