// Control Flow, and what else is neither arithmetic nor memory.
#pragma once

#include <string>

#include "thread.h"

namespace ptx {

void branch(Thread &thread, const Instruction &instruction);
void call(Thread &thread, const Instruction &instruction);
/** ret: of the kernel itself, the thread is done. */
void leave(Thread &thread, const Instruction &instruction);
void exit_thread(Thread &thread, const Instruction &instruction);
void trap(Thread &thread, const Instruction &instruction);
/** bar.sync: the launcher lets threads go on when all of the block are there. */
void wait_for_block(Thread &thread, const Instruction &instruction);

void copy(Thread &thread, const Instruction &instruction);
void copy_predicate(Thread &thread, const Instruction &instruction);
/** The address of a variable of the frame, `offset` from where its memory begins. */
void local_address(Thread &thread, const Instruction &instruction);
/** mov from and to a vector: elements from the least significant bits. */
void pack(Thread &thread, const Instruction &instruction);
void unpack(Thread &thread, const Instruction &instruction);

/** Of a special register: `%tid.x`; null where the machine does not know it. */
Handler reader_of(const std::string &special);

}  // namespace ptx
