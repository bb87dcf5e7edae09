#pragma once

#include <cstring>
#include <vector>

#include "fault.h"
#include "memory.h"
#include "program.h"

namespace ptx {

struct Index {
  uint32_t x, y, z;
};

/** What all threads of a launch share. */
struct Launch {
  const Program *program = nullptr;
  const Function *kernel = nullptr;
  Index grid, block;
  /** From here on the race detector's clock counts this launch. */
  uint32_t began = 0;
  /** Every byte of local memory that was not written: compilers load ahead of the branch that tells whether there is
   * something. */
  uint8_t junk = 0;
};

/** What the threads of a block share. */
struct Block {
  Launch *launch = nullptr;
  Index index = {0, 0, 0};
  Segment shared;
  /** The race detector's clock when the block began, and when it last passed a barrier. */
  uint32_t began = 0, phase = 0;
};

/** One call of a function: where its registers, its local and its .param memory begin. */
struct Frame {
  const Function *function;
  const Instruction *back;
  size_t slots, local, params;
};

enum class State { RUNNING, AT_BARRIER, DONE };

struct Thread {
  /** Slots of the frame on top. */
  uint64_t *r = nullptr;
  const Instruction *next = nullptr;
  /** Instructions until another thread has its turn. */
  uint64_t fuel = 0;
  /** Instructions since it began or last waited, where it had several turns. */
  uint64_t taken = 0;
  State state = State::DONE;
  /** CC.CF: Extended-Precision Integer Arithmetic. */
  uint32_t carry = 0;
  Index tid = {0, 0, 0};
  /** Number in the block: x fastest. A warp is 32 in a row. */
  uint32_t number = 0;
  Block *block = nullptr;
  std::vector<Frame> frames;
  std::vector<uint64_t> slots;
  std::vector<uint8_t> local, params, params_written;

  const Frame &frame() const { return frames.back(); }
  /** The instruction that it is at; behind a jump to the first, that one. */
  const Instruction &current() const { return next == frame().function->body.data() ? *next : next[-1]; }
  void begin(Block &block, uint32_t number, const std::vector<uint8_t> &parameters);
  void enter(const Function &function, const Instruction *back);
  void leave();
  /** Steps until it is done, waits, or has no fuel. */
  void run();
};

/** The value of a slot as an instruction of type T reads it. */
template <class T> inline T get(const Thread &t, uint32_t slot) {
  T value;
  memcpy(&value, &t.r[slot], sizeof value);
  return value;
}

/** Extended to the whole slot, since a register may be wider than the instruction's type: Operand Size Exceeding
 * Instruction-Type Size. */
template <class T> inline void put(Thread &t, uint32_t slot, T value) { t.r[slot] = (uint64_t)(int64_t)value; }
template <> inline void put<uint32_t>(Thread &t, uint32_t slot, uint32_t value) { t.r[slot] = value; }
template <> inline void put<uint64_t>(Thread &t, uint32_t slot, uint64_t value) { t.r[slot] = value; }
template <> inline void put<double>(Thread &t, uint32_t slot, double value) {
  memcpy(&t.r[slot], &value, sizeof value);
}
/** A NaN of float32 is the canonical one: Floating-Point Instructions. */
template <> inline void put<float>(Thread &t, uint32_t slot, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  t.r[slot] = value == value ? bits : 0x7FFFFFFFu;
}

}  // namespace ptx
