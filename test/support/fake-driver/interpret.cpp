#include "interpret.h"

#include <map>

static std::map<std::string, std::shared_ptr<const ptx::Program>> programs;

std::shared_ptr<const ptx::Program> load_program(const std::string &text, std::string &complaint) {
  auto &program = programs[text];
  if (program != nullptr) return program;
  try {
    program = ptx::read_program(text);
  } catch (const ptx::Fault &fault) {
    complaint = fault.what();
    programs.erase(text);
    return nullptr;
  }
  return program;
}

const ptx::Function *find_kernel(const ptx::Program &program, const std::string &name) {
  const auto found = program.functions.find(name);
  return found != program.functions.end() && found->second->is_entry ? found->second.get() : nullptr;
}

/**
 * For tests: lines `name instructions executed steps` of every function that the machine has read: how many instructions
 * it has, how many of them ever ran, and how often in all. Returns the length; writes what fits.
 */
extern "C" __attribute__((visibility("default"))) size_t fake_coverage(char *into, size_t room) {
  std::string text;
  for (const auto &loaded : programs) {
    for (const auto &named : loaded.second->functions) {
      uint64_t executed = 0, steps = 0;
      for (const ptx::Instruction &i : named.second->body) {
        executed += i.executed > 0;
        steps += i.executed;
      }
      text += named.first + " " + std::to_string(named.second->body.size()) + " " + std::to_string(executed) + " " +
              std::to_string(steps) + "\n";
    }
  }
  if (into != nullptr) text.copy(into, room);
  return text.size();
}
