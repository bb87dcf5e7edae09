// A machine that runs PTX: it reads the very text that a driver is handed, steps every thread of a launch through it,
// and throws a Fault, naming kernel, line and thread, where the text asks for what a device would punish or not
// promise.
#pragma once

#include <cstdint>
#include <vector>

#include "fault.h"
#include "memory.h"
#include "program.h"
#include "thread.h"

namespace ptx {

/**
 * In which order blocks, and the threads of a block, have their turns: 0 forwards, 1 backwards, each until it is done
 * or waits; from 2 on by chance from this seed, a few instructions at a time.
 */
struct Order {
  uint64_t seed;
};

/** Runs a kernel to its end. The parameters are the bytes of its .param memory. */
void launch(const Program &program, const Function &kernel, const Index &grid, const Index &block,
            const std::vector<uint8_t> &parameters, const Order &order);

}  // namespace ptx
