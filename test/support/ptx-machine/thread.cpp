#include "thread.h"

namespace ptx {

/** Between the local memories of two frames, so that none reaches into the next. */
constexpr size_t GAP = 16;
/** Calls within calls: kernels that recurse have no stack of a known size, and are refused when they are read. */
constexpr size_t DEEPEST = 64;

void Thread::begin(Block &its_block, uint32_t its_number, const std::vector<uint8_t> &parameters) {
  const Index size = its_block.launch->block;
  block = &its_block;
  number = its_number;
  tid = {number % size.x, number / size.x % size.y, number / size.x / size.y};
  carry = 0;
  state = State::RUNNING;
  frames.clear();
  enter(*its_block.launch->kernel, nullptr);
  memcpy(params.data(), parameters.data(), parameters.size());
  memset(params_written.data(), 1, parameters.size());
}

static size_t aligned(size_t bytes) { return (bytes + 15) / 16 * 16; }

void Thread::enter(const Function &function, const Instruction *back) {
  Frame frame = {&function, back, 0, 0, 0};
  if (!frames.empty()) {
    const Frame &below = frames.back();
    frame.slots = below.slots + below.function->slots.size();
    frame.local = below.local + aligned(below.function->local_bytes) + GAP;
    frame.params = below.params + aligned(below.function->param_bytes);
  }
  if (frames.size() >= DEEPEST) fail(*this, "a call too deep");
  frames.push_back(frame);
  const auto hold = [](auto &memory, size_t size) {
    if (memory.size() < size) memory.resize(size);
  };
  hold(slots, frame.slots + function.slots.size());
  hold(local, frame.local + function.local_bytes);
  hold(params, frame.params + function.param_bytes);
  hold(params_written, frame.params + function.param_bytes);
  memset(local.data() + frame.local, block->launch->junk, function.local_bytes);
  memset(params_written.data() + frame.params, 0, function.param_bytes);
  r = slots.data() + frame.slots;
  memcpy(r, function.slots.data(), function.slots.size() * sizeof *r);
  next = function.body.data();
}

void Thread::leave() {
  const Instruction *back = frames.back().back;
  frames.pop_back();
  if (frames.empty()) {
    state = State::DONE;
    fuel = 0;
    return;
  }
  r = slots.data() + frames.back().slots;
  next = back;
}

void Thread::run() {
  while (fuel > 0) {
    fuel--;
    const Instruction &i = *next++;
    i.executed++;
    if (i.guard != NONE && (r[i.guard] != 0) == i.is_guard_negated) continue;
    i.run(*this, i);
  }
}

static std::string text_of(const Index &at) {
  return "(" + std::to_string(at.x) + ", " + std::to_string(at.y) + ", " + std::to_string(at.z) + ")";
}

void fail(const Thread &t, const std::string &what) {
  const Launch &launch = *t.block->launch;
  const uint32_t line = t.current().line;
  std::string text = line <= launch.program->lines.size() ? launch.program->lines[line - 1] : "";
  text.erase(0, text.find_first_not_of(" \t"));
  const std::string &function = t.frame().function->name;
  const std::string within = function == launch.kernel->name ? "" : " within " + function;
  throw Fault(launch.kernel->name + within + ", PTX line " + std::to_string(line) + " `" + text + "`, thread " +
              text_of(t.tid) + " of block " + text_of(t.block->index) + ": " + what);
}

}  // namespace ptx
