#pragma once

#include <map>
#include <string>
#include <vector>

#include "program.h"

namespace ptx {

/** A variable: where it lies in its state space. */
struct Symbol {
  Space space;
  int64_t offset;
  uint32_t size;
};

/** Names of registers and variables, in braces within braces: an inner one hides an outer one. */
class Scopes {
 public:
  void open() { scopes_.emplace_back(); }
  void close() { scopes_.pop_back(); }
  size_t depth() const { return scopes_.size(); }
  void add_register(const std::string &name, uint32_t slot) { scopes_.back().registers[name] = slot; }
  /** %r<38> declares %r0 to %r37: Parameterized Variable Names. */
  void add_registers(const std::string &prefix, uint32_t count, uint32_t slot) {
    scopes_.back().ranges[prefix] = {slot, count};
  }
  void add_symbol(const std::string &name, const Symbol &symbol) { scopes_.back().symbols[name] = symbol; }
  /** Slot of a register, or NONE. */
  uint32_t find_register(const std::string &name) const;
  const Symbol *find_symbol(const std::string &name) const;

 private:
  struct Range {
    uint32_t slot, count;
  };
  struct Scope {
    std::map<std::string, uint32_t> registers;
    std::map<std::string, Range> ranges;
    std::map<std::string, Symbol> symbols;
  };
  std::vector<Scope> scopes_;
};

}  // namespace ptx
