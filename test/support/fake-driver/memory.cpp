#include <cstdlib>
#include <cstring>

#include "../ptx-machine/memory.h"
#include "driver.h"

static bool is_failing(long long n) {
  const long long first = setting("OOM_AT", 0);
  return first > 0 && n >= first && n < first + setting("OOM_COUNT", 1);
}

/** Of device memory; as much lies between two allocations, so that beyond one no other begins. */
constexpr size_t ALIGNMENT = 256;

EXPORT int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  REQUIRE_CONTEXT();
  REQUIRE(bytes > 0, complain("an allocation of no bytes", ""));
  const long long limit = setting("FREE", setting("MEMORY", 1LL << 33), state.current);
  REQUIRE(!is_failing(++state.allocations), OUT_OF_MEMORY);
  REQUIRE(state.held[state.current] + (long long)bytes <= limit, OUT_OF_MEMORY);
  char *memory = (char *)aligned_alloc(ALIGNMENT, (bytes + 3 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  REQUIRE(memory != nullptr, OUT_OF_MEMORY);
  memset(memory + ALIGNMENT, 0xA5, bytes);
  *address = (uint64_t)(uintptr_t)memory + ALIGNMENT;
  if (setting("PTX", 0) != 0) ptx::device_memory().add(*address, bytes);
  state.memory[*address] = {bytes, state.current};
  state.held[state.current] += (long long)bytes;
  return SUCCESS;
}

void give_back(uint64_t address) {
  ptx::device_memory().remove(address);
  free((void *)(uintptr_t)(address - ALIGNMENT));
}

EXPORT int cuMemFree_v2(uint64_t address) {
  REQUIRE_CONTEXT();
  const auto found = state.memory.find(address);
  REQUIRE(found != state.memory.end(), complain("memory that was not allocated is freed", ""));
  for (const Stream *stream : state.streams)
    if (!stream->work.empty()) fail("memory is freed while a stream has work that may use it", "");
  state.held[found->second.second] -= (long long)found->second.first;
  state.memory.erase(found);
  give_back(address);
  return SUCCESS;
}

EXPORT int cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
  REQUIRE_CONTEXT();
  *memory = malloc(bytes);
  state.pinned += (long long)bytes;
  return *memory == nullptr ? OUT_OF_MEMORY : SUCCESS;
}

EXPORT int cuMemFreeHost(void *memory) {
  free(memory);
  return SUCCESS;
}

/** Does an allocation hold this range? The real driver refuses what none does. */
static bool is_held(uint64_t address, size_t bytes) {
  auto after = state.memory.upper_bound(address);
  if (after == state.memory.begin()) return false;
  --after;
  return address + bytes <= after->first + after->second.first;
}

EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) {
  REQUIRE_CONTEXT();
  REQUIRE(is_held(to, bytes), complain("a copy to memory that was not allocated", std::to_string(bytes)));
  state.to_device += (long long)bytes;
  ((Stream *)stream)->work.push_back([=] {
    memcpy((void *)(uintptr_t)to, from, bytes);
    ptx::device_memory().mark_written(to, bytes);
  });
  return SUCCESS;
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) {
  REQUIRE_CONTEXT();
  REQUIRE(is_held(from, bytes), complain("a copy from memory that was not allocated", std::to_string(bytes)));
  state.to_host += (long long)bytes;
  ((Stream *)stream)->work.push_back([=] {
    memcpy(to, (const void *)(uintptr_t)from, bytes);
    const uint64_t unwritten = ptx::device_memory().first_unwritten(from, bytes);
    if (unwritten < bytes) fail("a copy of what no kernel wrote", "byte " + std::to_string(unwritten));
  });
  return SUCCESS;
}

EXPORT int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) {
  REQUIRE_CONTEXT();
  REQUIRE(is_held(to, bytes) && is_held(from, bytes), complain("a copy of memory that was not allocated", ""));
  ((Stream *)stream)->work.push_back([=] {
    memmove((void *)(uintptr_t)to, (const void *)(uintptr_t)from, bytes);
    ptx::device_memory().copy_written(to, from, bytes);
  });
  return SUCCESS;
}
