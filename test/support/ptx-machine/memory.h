#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program.h"

namespace ptx {

/** Who last did something to a byte: see races.h. */
struct Mark {
  uint32_t clock;
  uint16_t thread;
  uint16_t flags;
  uint32_t line;
};
struct Cell {
  Mark write, read;
};

/** A piece of memory: its bytes, which of them were ever written, and who touched them. */
struct Segment {
  uint64_t base = 0, size = 0;
  uint8_t *bytes = nullptr;
  uint8_t *written = nullptr;
  /** Absent where one thread alone has the memory. */
  Cell *cells = nullptr;
  /** Of one block after the other, each of which has it anew. */
  bool is_shared = false;

  bool holds(uint64_t address, uint64_t length) const {
    return address >= base && address - base <= size && length <= size - (address - base);
  }
};

/** Where a thread's own and a block's shared memory lie in generic addresses: Generic Addressing. No host has these. */
constexpr uint64_t LOCAL_WINDOW = 1ull << 56, SHARED_WINDOW = 2ull << 56;
inline bool is_in(uint64_t window, uint64_t address) { return address >> 56 == window >> 56; }

/** The global memory of all devices: what the driver allocated, and the variables of modules. */
class DeviceMemory {
 public:
  DeviceMemory() = default;
  DeviceMemory(const DeviceMemory &) = delete;
  /** The bytes are the caller's, and stay where they are until `remove`. */
  void add(uint64_t base, uint64_t size);
  void remove(uint64_t base);
  /** Undefined where no live allocation holds the whole range. */
  Segment *find(uint64_t address, uint64_t length);
  /** The host, or a copy, wrote these bytes. */
  void mark_written(uint64_t address, uint64_t length);
  /** A copy on the device: what was not written stays so. */
  void copy_written(uint64_t to, uint64_t from, uint64_t length);
  /** The first byte of a known range that nobody wrote; `length` where there is none. */
  uint64_t first_unwritten(uint64_t address, uint64_t length);

 private:
  std::vector<Segment> segments_;
  size_t last_ = 0;
};

DeviceMemory &device_memory();

}  // namespace ptx
