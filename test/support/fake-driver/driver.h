// A CUDA driver without a device: the calls that the plugin makes, on this machine's memory, launching the plugin's
// own kernel bodies as loops. Built by test/support/fake-driver.ts; what it is told comes by variables FAKE_CUDA_NAME, or by lines
// NAME=VALUE of a file `settings` beside the library:
//   VERSION     what cuDriverGetVersion says (13000)     DEVICES  how many devices there are (1)
//   MEMORY      bytes of a device (2^33)                 FREE     bytes of them that are free, by device: 100,200
//   CAPABILITY  compute capability times 10 (75)         INIT     what cuInit answers (0)
//   OOM_AT      from the n-th allocation on, OOM_COUNT (1) of them find no memory
//   LOST_AT     at the n-th launch the device is lost, and stays lost
//   PTX         1: launches step through the PTX that was loaded, in place of the loops (0)
//   QUIET       1: complaints are kept, and not written to stderr (0)
//   ORDER       in which order the threads of the PTX run: machine.h (0)
// The real driver checks nothing of a launch's parameters; this one compares them with the `.param` list of the
// loaded PTX entry, by which the real one would read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#define EXPORT extern "C" __attribute__((visibility("default")))

/** CUresult, of cuda.h. */
enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_CONTEXT = 201,
  INVALID_PTX = 218,
  NOT_FOUND = 500,
  NOT_READY = 600,
  LAUNCH_FAILED = 719,
};

struct Stream {
  std::deque<std::function<void()>> work;
  bool was_asked;
};

struct State {
  bool initialized;
  int current = -1;
  int sticky;
  long long allocations, launches, held[16], to_device, to_host, pinned;
  std::map<uint64_t, std::pair<size_t, int>> memory;
  std::set<Stream *> streams;
  std::string complaint;
};
extern State state;

#define REQUIRE(condition, code) if (!(condition)) return code
#define REQUIRE_CONTEXT() \
  REQUIRE(state.initialized, NOT_INITIALIZED); \
  REQUIRE(state.sticky == 0, state.sticky); \
  REQUIRE(state.current >= 0, INVALID_CONTEXT)

/** The n-th number of a setting's list, or its last. */
long long setting(const char *name, long long otherwise, int n = 0);

int device_count();

/** What the caller did wrong. */
int complain(const char *text, const std::string &about);

/** What a device would not survive, or give no reason for. */
void fail(const char *text, const std::string &about);

/** Frees memory of the device. */
void give_back(uint64_t address);
