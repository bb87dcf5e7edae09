// Who touches which byte, and whether anything orders two who do: barriers within a block, nothing between the blocks
// of a launch (Memory Consistency Model). Every barrier, block and launch begins a new time of one clock.
#pragma once

#include "thread.h"

namespace ptx {

enum class Touch { READ, WRITE, ATOMIC };

/** A new time, later than all before. */
uint32_t tick();

/** Throws a Fault where another thread touched one of these bytes, one of the two writes, and nothing orders them. */
void note_touch(Thread &thread, Segment &segment, uint64_t offset, unsigned length, Touch touch, bool is_read_only);

}  // namespace ptx
