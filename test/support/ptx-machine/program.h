// A PTX module, read and decoded: what threads step through. Section names are those of NVIDIA's "PTX ISA".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ptx {

struct Thread;
struct Instruction;
typedef void (*Handler)(Thread &, const Instruction &);

/** No register; in a vector the sink `_`. */
constexpr uint32_t NONE = UINT32_MAX;

/** State Spaces. */
enum class Space { GENERIC, GLOBAL, SHARED, LOCAL, PARAM, CONST };

/** A load, store or atomic: what lies at its address. */
struct Access {
  Space space = Space::GENERIC;
  /** .nc: memory that nothing writes while the kernel runs. */
  bool is_read_only = false;
  /** Bytes of one element, and how many: Vectors. */
  unsigned width = 0;
  /** Slots of the elements. */
  std::vector<uint32_t> values;
};

/** Bytes of a frame's .param memory. */
struct ParamRange {
  uint32_t offset, size;
};

struct Function;

struct CallSite {
  const Function *callee = nullptr;
  std::string name;
  std::vector<ParamRange> arguments, results;
};

/** Registers and constants are slots of the frame; `offset` is what else the handler needs. */
struct Instruction {
  Handler run = nullptr;
  uint32_t d = NONE, a = NONE, b = NONE, c = NONE, e = NONE;
  uint32_t guard = NONE;
  bool is_guard_negated = false;
  uint32_t line = 0;
  /** Of an address, a variable, or the number of the instruction that a branch goes to. */
  int64_t offset = 0;
  std::shared_ptr<Access> access;
  std::shared_ptr<CallSite> call;
  mutable uint64_t executed = 0;
};

struct Parameter {
  uint32_t align, size, offset;
};

struct Function {
  std::string name;
  bool is_entry = false;
  std::vector<Parameter> parameters, results;
  /** Bytes of the frame's .param memory: parameters, results, then what is declared for calls. */
  uint32_t param_bytes = 0;
  /** Bytes of the parameters alone. */
  uint32_t parameter_bytes = 0;
  uint32_t local_bytes = 0;
  /** Static shared memory of a kernel's blocks: that of the module, then its own. */
  uint32_t shared_bytes = 0;
  /** Threads that a block may have: .maxntid; 0 where it is not limited. */
  uint32_t max_threads = 0;
  /** What a frame's slots hold at first: constants, and in registers a pattern that no kernel means. */
  std::vector<uint64_t> slots;
  std::vector<Instruction> body;
};

/** What a register holds that was not written. */
constexpr uint64_t UNWRITTEN = 0xA5A5A5A5A5A5A5A5;

/** Memory of the module itself. */
struct Variable {
  std::string name;
  uint64_t address;
  std::unique_ptr<uint8_t[]> bytes;
};

struct Program {
  std::map<std::string, std::unique_ptr<Function>> functions;
  std::vector<Variable> variables;
  /** Static shared memory that all kernels have. */
  uint32_t shared_bytes = 0;
  /** Lines of the text, for reports. */
  std::vector<std::string> lines;

  Program() = default;
  Program(const Program &) = delete;
  /** Its variables are memory of the device no more. */
  ~Program();
};

/** Throws a Fault that names the line and what of it is not known here. */
std::unique_ptr<Program> read_program(const std::string &text);

}  // namespace ptx
