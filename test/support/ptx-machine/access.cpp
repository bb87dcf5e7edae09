#include "access.h"

#include <algorithm>

namespace ptx {

static std::string hex(uint64_t address) {
  char text[32];
  snprintf(text, sizeof text, "0x%llx", (unsigned long long)address);
  return text;
}

static void require_written(const Thread &t, const uint8_t *written, unsigned length) {
  for (unsigned k = 0; k < length; k++)
    if (written[k] == 0) fail(t, "byte " + std::to_string(k) + " of " + std::to_string(length) + " was never written");
}

/** The bytes of a segment, once all checks have passed. */
static uint8_t *pass(Thread &t, Segment &segment, uint64_t offset, unsigned length, Touch touch, bool is_read_only) {
  if (touch != Touch::WRITE) require_written(t, segment.written + offset, length);
  note_touch(t, segment, offset, length, touch, is_read_only);
  if (touch != Touch::READ) memset(segment.written + offset, 1, length);
  return segment.bytes + offset;
}

static uint8_t *touch_global(Thread &t, uint64_t address, unsigned length, Touch touch, bool is_read_only) {
  if (is_in(LOCAL_WINDOW, address) || is_in(SHARED_WINDOW, address))
    fail(t, "a global access to an address of another space");
  Segment *segment = device_memory().find(address, length);
  if (segment == nullptr) fail(t, "no live allocation holds " + std::to_string(length) + " bytes at " + hex(address));
  return pass(t, *segment, address - segment->base, length, touch, is_read_only);
}

static uint8_t *touch_shared(Thread &t, uint64_t address, unsigned length, Touch touch) {
  Segment &shared = t.block->shared;
  if (!shared.holds(address, length)) fail(t, "the block has no shared memory at " + hex(address));
  return pass(t, shared, address, length, touch, false);
}

/** Of the thread's frame that holds it. */
static uint8_t *touch_local(Thread &t, uint64_t address, unsigned length) {
  for (const Frame &frame : t.frames) {
    if (address < frame.local || address + length > frame.local + frame.function->local_bytes) continue;
    return t.local.data() + address;
  }
  fail(t, "no frame's local memory holds " + std::to_string(length) + " bytes at " + hex(address));
}

static uint8_t *touch_param(Thread &t, uint64_t offset, unsigned length, Touch touch) {
  const Frame &frame = t.frame();
  if (offset + length > frame.function->param_bytes) fail(t, "no parameter holds " + hex(offset));
  if (touch == Touch::READ)
    require_written(t, t.params_written.data() + frame.params + offset, length);
  else
    memset(t.params_written.data() + frame.params + offset, 1, length);
  return t.params.data() + frame.params + offset;
}

uint8_t *touch(Thread &t, const Instruction &i, Touch touch) {
  const Access &access = *i.access;
  const uint64_t address = (i.a == NONE ? 0 : t.r[i.a]) + (uint64_t)i.offset;
  const unsigned length = access.width * (unsigned)std::max<size_t>(access.values.size(), 1);
  if (address % length != 0) fail(t, hex(address) + " is not a multiple of " + std::to_string(length));
  switch (access.space) {
    case Space::LOCAL: return touch_local(t, address, length);
    case Space::SHARED: return touch_shared(t, address, length, touch);
    case Space::PARAM: return touch_param(t, address, length, touch);
    case Space::GLOBAL:
    case Space::CONST: return touch_global(t, address, length, touch, access.is_read_only);
    case Space::GENERIC: break;
  }
  if (is_in(LOCAL_WINDOW, address)) return touch_local(t, address - LOCAL_WINDOW, length);
  if (is_in(SHARED_WINDOW, address)) return touch_shared(t, address - SHARED_WINDOW, length, touch);
  return touch_global(t, address, length, touch, false);
}

namespace {

template <uint64_t WINDOW> void to_generic(Thread &t, const Instruction &i) { t.r[i.d] = t.r[i.a] + WINDOW; }

template <uint64_t WINDOW> void from_generic(Thread &t, const Instruction &i) {
  if (!is_in(WINDOW, t.r[i.a])) fail(t, hex(t.r[i.a]) + " is no address of that space");
  t.r[i.d] = t.r[i.a] - WINDOW;
}

/** A global address is its generic one. A null pointer may be converted, but not followed. */
void keep_global(Thread &t, const Instruction &i) {
  if (is_in(LOCAL_WINDOW, t.r[i.a]) || is_in(SHARED_WINDOW, t.r[i.a]))
    fail(t, hex(t.r[i.a]) + " is no address of that space");
  t.r[i.d] = t.r[i.a];
}

}  // namespace

Handler conversion_of(Space space, bool to) {
  if (space == Space::LOCAL) return to ? from_generic<LOCAL_WINDOW> : to_generic<LOCAL_WINDOW>;
  if (space == Space::SHARED) return to ? from_generic<SHARED_WINDOW> : to_generic<SHARED_WINDOW>;
  return keep_global;
}

}  // namespace ptx
