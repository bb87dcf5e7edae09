#include "races.h"

namespace ptx {

/** `thread` of a mark that several threads of the block left; a byte that threads of earlier blocks read too. */
constexpr uint16_t MANY = UINT16_MAX, OTHER_BLOCKS = 1, ATOMICALLY = 2, ONE_WARP = 4;

static uint32_t now = 0;

uint32_t tick() { return ++now; }

static uint32_t warp_of(uint32_t thread) { return thread / 32; }

static bool is_of_this_launch(const Mark &mark, const Thread &t) { return mark.clock >= t.block->launch->began; }

/** Is what the mark tells of over before what the thread does now? */
static bool is_ordered(const Mark &mark, const Thread &t) {
  if (!is_of_this_launch(mark, t)) return true;
  if (mark.clock < t.block->began || (mark.flags & OTHER_BLOCKS) != 0) return false;
  if (mark.clock < t.block->phase) return true;
  if (mark.thread == t.number && (mark.flags & ONE_WARP) == 0) return true;
  return mark.thread != MANY && warp_of(mark.thread) == warp_of(t.number) && mark.clock < t.warp_phase;
}

[[noreturn]] static void fail_of_race(const Thread &t, const Mark &mark, const char *what) {
  const bool is_here = mark.clock >= t.block->began;
  const std::string who = !is_here                     ? "a thread of another block"
                          : mark.thread == MANY        ? "other threads of the block"
                          : (mark.flags & ONE_WARP) != 0 ? "other threads of a warp"
                                                       : "thread " + std::to_string(mark.thread) + " of the block";
  fail(t, std::string("a race with ") + who + ", which " + what + " the same byte at PTX line " + std::to_string(mark.line) +
              ", with no barrier between");
}

static void note_read(const Thread &t, Mark &read, uint32_t clock, uint32_t line) {
  const uint16_t thread = (uint16_t)t.number;
  if (!is_of_this_launch(read, t)) {
    read = {clock, thread, 0, line};
  } else if (read.clock < t.block->began) {
    read = {clock, thread, OTHER_BLOCKS, line};
  } else if (read.clock < t.block->phase || (read.thread == thread && (read.flags & ONE_WARP) == 0)) {
    read = {clock, thread, (uint16_t)(read.flags & OTHER_BLOCKS), line};
  } else if (read.thread == MANY || warp_of(read.thread) != warp_of(thread)) {
    read = {clock, MANY, (uint16_t)(read.flags & OTHER_BLOCKS), line};
  } else {
    read = {clock, thread, (uint16_t)((read.flags & OTHER_BLOCKS) | ONE_WARP), line};
  }
}

void note_touch(Thread &t, Segment &segment, uint64_t offset, unsigned length, Touch touch, bool is_read_only) {
  if (segment.cells == nullptr) return;
  const uint32_t line = t.current().line;
  for (Cell *cell = segment.cells + offset, *end = cell + length; cell < end; cell++) {
    const bool are_atomic = touch == Touch::ATOMIC && (cell->write.flags & ATOMICALLY) != 0;
    if (!are_atomic && !is_ordered(cell->write, t)) fail_of_race(t, cell->write, "writes");
    if (is_read_only && is_of_this_launch(cell->write, t)) fail(t, "a read through the read-only cache of what this launch writes");
    if (touch == Touch::READ) {
      note_read(t, cell->read, now, line);
      continue;
    }
    if (!is_ordered(cell->read, t)) fail_of_race(t, cell->read, "reads");
    cell->write = {now, (uint16_t)t.number, touch == Touch::ATOMIC ? ATOMICALLY : (uint16_t)0, line};
  }
}

}  // namespace ptx
