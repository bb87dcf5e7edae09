#include <cstring>

#include "driver.h"
#include "entries.h"

/** For tests: bytes to the device, bytes to the host, bytes held on all devices, launches, allocations, pinned bytes. */
EXPORT void fake_counts(long long *counts) {
  long long held = 0;
  for (long long each : state.held) held += each;
  const long long all[] = {state.to_device, state.to_host, held, state.launches, state.allocations, state.pinned};
  memcpy(counts, all, sizeof all);
}

/** For tests: a device that never was lost; what was on one that was is gone, as with its process. */
EXPORT void fake_reset() {
  if (state.sticky != 0) {
    for (const auto &each : state.memory) give_back(each.first);
    state.memory.clear();
    for (long long &each : state.held) each = 0;
    for (Stream *stream : state.streams) stream->work.clear();
  }
  state.sticky = 0;
  state.allocations = state.launches = 0;
  state.complaint.clear();
}

/** For tests: what it complained of last. Returns the length; writes what fits. */
EXPORT size_t fake_complaint(char *into, size_t room) {
  if (into != nullptr) state.complaint.copy(into, room);
  return state.complaint.size();
}

/** For a build without nvcc: PTX of the entries' names and parameters alone. Returns its length; writes what fits. */
EXPORT size_t fake_ptx(char *into, size_t room) {
  std::string text = ".version 6.3\n.target sm_75\n.address_size 64\n";
  for (const Entry &entry : ENTRIES) {
    text += std::string(".visible .entry ") + entry.name + "(\n";
    for (size_t p = 0; p < entry.sizes.size(); p++)
      text += std::string(p > 0 ? ",\n" : "") + "\t.param .align " + std::to_string(entry.aligns[p]) + " .b8 " +
              entry.name + "_param_" + std::to_string(p) + "[" + std::to_string(entry.sizes[p]) + "]";
    text += "\n)\n{\n\tret;\n}\n";
  }
  if (into != nullptr) memcpy(into, text.c_str(), text.size() < room ? text.size() : room);
  return text.size();
}
