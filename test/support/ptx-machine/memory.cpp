#include "memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace ptx {

DeviceMemory &device_memory() {
  static DeviceMemory memory;
  return memory;
}

void DeviceMemory::add(uint64_t base, uint64_t size) {
  Segment segment;
  segment.base = base;
  segment.size = size;
  segment.bytes = (uint8_t *)(uintptr_t)base;
  // calloc: of a large allocation only what is touched takes memory
  segment.written = (uint8_t *)calloc(size, 1);
  segment.cells = (Cell *)calloc(size, sizeof(Cell));
  segments_.push_back(segment);
}

void DeviceMemory::remove(uint64_t base) {
  const auto found = std::find_if(segments_.begin(), segments_.end(), [&](const Segment &s) { return s.base == base; });
  if (found == segments_.end()) return;
  free(found->written);
  free(found->cells);
  segments_.erase(found);
  last_ = 0;
}

Segment *DeviceMemory::find(uint64_t address, uint64_t length) {
  if (last_ < segments_.size() && segments_[last_].holds(address, length)) return &segments_[last_];
  for (last_ = 0; last_ < segments_.size(); last_++)
    if (segments_[last_].holds(address, length)) return &segments_[last_];
  return nullptr;
}

void DeviceMemory::mark_written(uint64_t address, uint64_t length) {
  Segment *segment = find(address, length);
  if (segment != nullptr) memset(segment->written + (address - segment->base), 1, length);
}

void DeviceMemory::copy_written(uint64_t to, uint64_t from, uint64_t length) {
  Segment *source = find(from, length);
  if (source == nullptr) return;
  const std::vector<uint8_t> written(source->written + (from - source->base),
                                     source->written + (from - source->base) + length);
  Segment *target = find(to, length);
  if (target != nullptr) memcpy(target->written + (to - target->base), written.data(), length);
}

uint64_t DeviceMemory::first_unwritten(uint64_t address, uint64_t length) {
  const Segment *segment = find(address, length);
  if (segment == nullptr) return length;
  const uint8_t *written = segment->written + (address - segment->base);
  return std::find(written, written + length, 0) - written;
}

}  // namespace ptx
