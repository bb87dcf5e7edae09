#include "races.h"

namespace ptx {

/** `thread` of a mark that several threads of the block left; a byte that threads of earlier blocks read too. */
constexpr uint16_t MANY = UINT16_MAX, OTHER_BLOCKS = 1, ATOMICALLY = 2;

static uint32_t now = 0;

uint32_t tick() { return ++now; }

/** When the memory was as it is for the first who could race: with the launch, or shared memory with the block. */
static uint32_t beginning(const Segment &segment, const Thread &t) {
  return segment.is_shared ? t.block->began : t.block->launch->began;
}

/** Is what a mark of this launch tells of over before what the thread does now? */
static bool is_ordered(const Mark &mark, const Thread &t) {
  if (mark.clock < t.block->began || (mark.flags & OTHER_BLOCKS) != 0) return false;
  return mark.clock < t.block->phase || mark.thread == t.number;
}

[[noreturn]] static void fail_of_race(const Thread &t, const Mark &mark, const char *what) {
  const bool is_here = mark.clock >= t.block->began;
  const std::string who = !is_here              ? "a thread of another block"
                          : mark.thread == MANY ? "other threads of the block"
                                                : "thread " + std::to_string(mark.thread) + " of the block";
  fail(t, "a race with " + who + ", which " + what + " the same byte at PTX line " + std::to_string(mark.line) +
              ", with no barrier between");
}

static void note_read(const Thread &t, Mark &read, uint32_t since, uint32_t line) {
  const uint16_t thread = (uint16_t)t.number;
  uint16_t flags = 0;
  if (read.clock >= since) flags = read.clock < t.block->began ? OTHER_BLOCKS : read.flags;
  const bool is_first = read.clock < t.block->phase || read.thread == thread;
  read = {now, is_first ? thread : MANY, flags, line};
}

void note_touch(Thread &t, Segment &segment, uint64_t offset, unsigned length, Touch touch, bool is_read_only) {
  if (segment.cells == nullptr) return;
  const uint32_t line = t.current().line, since = beginning(segment, t);
  for (Cell *cell = segment.cells + offset, *end = cell + length; cell < end; cell++) {
    Mark &write = cell->write, &read = cell->read;
    const bool are_atomic = touch == Touch::ATOMIC && (write.flags & ATOMICALLY) != 0;
    const bool is_written = write.clock >= since;
    if (is_written && !are_atomic && !is_ordered(write, t)) fail_of_race(t, write, "writes");
    if (is_written && is_read_only) fail(t, "a read through the read-only cache of what this launch writes");
    if (touch == Touch::READ) {
      note_read(t, read, since, line);
      continue;
    }
    if (read.clock >= since && !is_ordered(read, t)) fail_of_race(t, read, "reads");
    write = {now, (uint16_t)t.number, touch == Touch::ATOMIC ? ATOMICALLY : (uint16_t)0, line};
  }
}

}  // namespace ptx
