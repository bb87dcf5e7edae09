#pragma once

#include <cstddef>
#include <vector>

#include "../../../plugins/cuda/kernels/launch.h"

/** A kernel as this compiler knows it. */
struct Entry {
  const char *name;
  std::vector<size_t> sizes, aligns;
  void (*call)(void **);
};

/** All that the plugin can launch. */
extern const std::vector<Entry> ENTRIES;

/** Runs all threads as loops, by gridDim and blockDim; false where some wait at a barrier that others never reach. */
bool run_loops(const Entry &entry, void **parameters);
