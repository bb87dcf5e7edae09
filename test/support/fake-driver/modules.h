#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "entries.h"
#include "interpret.h"

/** A parameter of an entry of the loaded PTX. */
struct Parameter {
  size_t align, size;
};
/** An entry of a loaded module: what PTX says of it, and what runs in its place. */
struct Function {
  std::string name;
  /** Null for an entry of another text than the plugin's. */
  const Entry *entry;
  std::vector<Parameter> parameters;
  /** Null where launches are loops. */
  const ptx::Function *kernel;
  std::shared_ptr<const ptx::Program> program;
};
typedef std::map<std::string, Function> Module;
