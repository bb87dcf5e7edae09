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
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../../../plugins/cuda/kernels/launch.h"
#include "interpret.h"

thread_local LaunchIndex blockIdx, threadIdx, blockDim, gridDim;

#include "block.h"

#include "../../../plugins/cuda/kernels/local.h"
#include "../../../plugins/cuda/kernels/prefilter.h"
#include "../../../plugins/cuda/kernels/resample.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

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
  ILLEGAL_ADDRESS = 700,
};

enum { NOT_READY = 600, LAUNCH_FAILED = 719 };

namespace entries {
#define ENTRY1(name, A, a, body) \
  static void name(void **p) { const A &a = *(const A *)p[0]; body; }
#define ENTRY2(name, A, a, B, b, body) \
  static void name(void **p) { const A &a = *(const A *)p[0]; const B &b = *(const B *)p[1]; body; }
#define ENTRY3(name, A, a, B, b, C, c, body) \
  static void name(void **p) { \
    const A &a = *(const A *)p[0]; const B &b = *(const B *)p[1]; const C &c = *(const C *)p[2]; body; }
#define ENTRY4(name, A, a, B, b, C, c, D, d, body) \
  static void name(void **p) { \
    const A &a = *(const A *)p[0]; const B &b = *(const B *)p[1]; const C &c = *(const C *)p[2]; \
    const D &d = *(const D *)p[3]; body; }
#include "../../../plugins/cuda/kernels/entries.h"
#undef ENTRY1
#undef ENTRY2
#undef ENTRY3
#undef ENTRY4
}  // namespace entries

/** A kernel as this compiler knows it. */
struct Entry {
  const char *name;
  std::vector<size_t> sizes, aligns;
  void (*call)(void **);
};

static const std::vector<Entry> ENTRIES = {
#define ENTRY1(name, A, a, body) {#name, {sizeof(A)}, {alignof(A)}, entries::name},
#define ENTRY2(name, A, a, B, b, body) {#name, {sizeof(A), sizeof(B)}, {alignof(A), alignof(B)}, entries::name},
#define ENTRY3(name, A, a, B, b, C, c, body) \
  {#name, {sizeof(A), sizeof(B), sizeof(C)}, {alignof(A), alignof(B), alignof(C)}, entries::name},
#define ENTRY4(name, A, a, B, b, C, c, D, d, body) \
  {#name, {sizeof(A), sizeof(B), sizeof(C), sizeof(D)}, {alignof(A), alignof(B), alignof(C), alignof(D)}, \
   entries::name},
#include "../../../plugins/cuda/kernels/entries.h"
};

/** The lines of a file `settings` beside the library, for processes that are given few variables: OOM_AT=3 */
static std::map<std::string, std::string> read_settings() {
  std::map<std::string, std::string> settings;
  Dl_info library;
  if (dladdr((void *)&read_settings, &library) == 0) return settings;
  const std::string path = library.dli_fname;
  std::ifstream file(path.substr(0, path.rfind('/') + 1) + "settings");
  for (std::string line; std::getline(file, line);)
    if (line.find('=') != std::string::npos) settings[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  return settings;
}

/** The n-th number of a setting's list, or its last. */
static long long setting(const char *name, long long otherwise, int n = 0) {
  static const std::map<std::string, std::string> settings = read_settings();
  const char *text = getenv((std::string("FAKE_CUDA_") + name).c_str());
  const auto stated = settings.find(name);
  if (text == nullptr && stated != settings.end()) text = stated->second.c_str();
  if (text == nullptr || *text == 0) return otherwise;
  for (; n > 0 && strchr(text, ',') != nullptr; n--) text = strchr(text, ',') + 1;
  return atoll(text);
}

/** A parameter of an entry of the loaded PTX. */
struct Parameter {
  size_t align, size;
};
/** An entry of a loaded module: what PTX says of it, and what runs in its place. */
struct Function {
  std::string name;
  /** Null for an entry of another text than the plugin's. */
  const Entry *entry;
  std::vector<Parameter> parameters;
  /** Null where launches are loops. */
  const ptx::Function *kernel;
  std::shared_ptr<const ptx::Program> program;
};
typedef std::map<std::string, Function> Module;

struct Stream {
  std::deque<std::function<void()>> work;
  bool was_asked;
};

static struct {
  bool initialized;
  int current = -1;
  int sticky;
  long long allocations, launches, held[16], to_device, to_host, pinned;
  std::map<uint64_t, std::pair<size_t, int>> memory;
  std::set<Stream *> streams;
  std::string complaint;
} state;

static int device_count() { return (int)setting("DEVICES", 1); }

#define REQUIRE(condition, code) if (!(condition)) return code
#define REQUIRE_CONTEXT() \
  REQUIRE(state.initialized, NOT_INITIALIZED); \
  REQUIRE(state.sticky == 0, state.sticky); \
  REQUIRE(state.current >= 0, INVALID_CONTEXT)

static int complain(const char *text, const std::string &about) {
  state.complaint = std::string(text) + ": " + about;
  if (setting("QUIET", 0) == 0) fprintf(stderr, "fake CUDA driver: %s\n", state.complaint.c_str());
  return INVALID_VALUE;
}

/** What a device would not survive, or give no reason for. */
static void fail(const char *text, const std::string &about) {
  complain(text, about);
  state.sticky = LAUNCH_FAILED;
}

EXPORT int cuInit(unsigned) {
  const int answer = (int)setting("INIT", device_count() > 0 ? SUCCESS : NO_DEVICE);
  state.initialized = answer == SUCCESS;
  return answer;
}

EXPORT int cuDriverGetVersion(int *version) {
  *version = (int)setting("VERSION", 13000);
  return SUCCESS;
}

EXPORT int cuGetErrorName(int code, const char **name) {
  static const std::map<int, const char *> NAMES = {
      {1, "CUDA_ERROR_INVALID_VALUE"},   {2, "CUDA_ERROR_OUT_OF_MEMORY"},  {3, "CUDA_ERROR_NOT_INITIALIZED"},
      {100, "CUDA_ERROR_NO_DEVICE"},     {101, "CUDA_ERROR_INVALID_DEVICE"}, {201, "CUDA_ERROR_INVALID_CONTEXT"},
      {218, "CUDA_ERROR_INVALID_PTX"},   {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"}, {500, "CUDA_ERROR_NOT_FOUND"},
      {600, "CUDA_ERROR_NOT_READY"},     {719, "CUDA_ERROR_LAUNCH_FAILED"}};
  const auto found = NAMES.find(code);
  REQUIRE(found != NAMES.end(), INVALID_VALUE);
  *name = found->second;
  return SUCCESS;
}

EXPORT int cuDeviceGetCount(int *count) {
  REQUIRE(state.initialized, NOT_INITIALIZED);
  *count = device_count();
  return SUCCESS;
}

EXPORT int cuDeviceGet(int *device, int ordinal) {
  REQUIRE(state.initialized, NOT_INITIALIZED);
  REQUIRE(ordinal >= 0 && ordinal < device_count(), INVALID_DEVICE);
  *device = ordinal;
  return SUCCESS;
}

EXPORT int cuDeviceGetName(char *name, int length, int device) {
  snprintf(name, length, "Fake device %d", device);
  return SUCCESS;
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int) {
  // The numbers of CUdevice_attribute in cuda.h.
  const std::map<int, int> values = {{1, 1024}, {5, 2147483647}, {6, 65535}, {7, 65535},
                                     {75, (int)setting("CAPABILITY", 75) / 10},
                                     {76, (int)setting("CAPABILITY", 75) % 10}};
  const auto found = values.find(attribute);
  REQUIRE(found != values.end(), complain("an attribute that it does not have", std::to_string(attribute)));
  *value = found->second;
  return SUCCESS;
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int) {
  *bytes = (size_t)setting("MEMORY", 1LL << 33);
  return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) {
  REQUIRE(state.initialized, NOT_INITIALIZED);
  *context = (void *)(uintptr_t)(device + 1);
  return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease(int) { return SUCCESS; }

EXPORT int cuCtxSetCurrent(void *context) {
  state.current = (int)(uintptr_t)context - 1;
  return SUCCESS;
}

EXPORT int cuMemGetInfo_v2(size_t *free_bytes, size_t *total) {
  REQUIRE_CONTEXT();
  *total = (size_t)setting("MEMORY", 1LL << 33);
  *free_bytes = (size_t)setting("FREE", (long long)*total, state.current) - (size_t)state.held[state.current];
  return SUCCESS;
}

/** Entries and their parameters, as the text has them: `.param .align 8 .b8 name_param_0[48],` */
static int parse_ptx(const std::string &text, Module &module) {
  if (text.find(".version") == std::string::npos) return INVALID_PTX;
  size_t at = 0;
  while ((at = text.find(".visible .entry ", at)) != std::string::npos) {
    at += strlen(".visible .entry ");
    const size_t open = text.find('(', at), close = text.find(')', open);
    const std::string name = text.substr(at, open - at), list = text.substr(open, close - open);
    Function function = {name, nullptr, {}, nullptr, nullptr};
    for (const Entry &entry : ENTRIES)
      if (name == entry.name) function.entry = &entry;
    for (size_t p = list.find(".align "); p != std::string::npos; p = list.find(".align ", p + 1))
      function.parameters.push_back({(size_t)atol(list.c_str() + p + 7), (size_t)atol(list.c_str() + list.find('[', p) + 1)});
    module[name] = function;
    at = close;
  }
  return SUCCESS;
}

/** The same, as the machine has them. */
static int interpret_ptx(const std::string &text, Module &module) {
  std::string complaint;
  const std::shared_ptr<const ptx::Program> program = load_program(text, complaint);
  REQUIRE(program != nullptr, (complain("PTX that the machine does not take", complaint), INVALID_PTX));
  for (const auto &named : program->functions) {
    const ptx::Function *kernel = find_kernel(*program, named.first);
    if (kernel == nullptr) continue;
    Function function = {named.first, nullptr, {}, kernel, program};
    for (const ptx::Parameter &parameter : kernel->parameters) function.parameters.push_back({parameter.align, parameter.size});
    module[named.first] = function;
  }
  return SUCCESS;
}

EXPORT int cuModuleLoadDataEx(void **module, const void *image, unsigned, int *, void **) {
  REQUIRE_CONTEXT();
  Module *loaded = new Module;
  *module = loaded;
  const char *text = (const char *)image;
  return setting("PTX", 0) != 0 ? interpret_ptx(text, *loaded) : parse_ptx(text, *loaded);
}

EXPORT int cuModuleUnload(void *module) {
  delete (Module *)module;
  return SUCCESS;
}

EXPORT int cuModuleGetFunction(void **function, void *module, const char *name) {
  REQUIRE_CONTEXT();
  const auto found = ((Module *)module)->find(name);
  REQUIRE(found != ((Module *)module)->end(), NOT_FOUND);
  REQUIRE(found->second.entry != nullptr || found->second.kernel != nullptr, NOT_FOUND);
  *function = &found->second;
  return SUCCESS;
}

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

static void give_back(uint64_t address) {
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

EXPORT int cuStreamCreate(void **stream, unsigned) {
  REQUIRE_CONTEXT();
  *stream = new Stream{{}, false};
  state.streams.insert((Stream *)*stream);
  return SUCCESS;
}

EXPORT int cuStreamDestroy_v2(void *stream) {
  state.streams.erase((Stream *)stream);
  delete (Stream *)stream;
  return SUCCESS;
}

/** Nothing that a stream was given happens before it is asked a second time: who does not wait sees nothing. */
EXPORT int cuStreamQuery(void *handle) {
  REQUIRE_CONTEXT();
  Stream &stream = *(Stream *)handle;
  if (stream.work.empty()) return SUCCESS;
  if (!stream.was_asked) {
    stream.was_asked = true;
    return NOT_READY;
  }
  stream.was_asked = false;
  for (; !stream.work.empty() && state.sticky == 0; stream.work.pop_front()) stream.work.front()();
  return state.sticky;
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

struct Launch {
  Function function;
  std::vector<char> bytes;
  std::vector<size_t> offsets;
  LaunchIndex grid, block;
};

static void interpret(const Launch &launch) {
  const auto index = [](const LaunchIndex &size) { return ptx::Index{size.x, size.y, size.z}; };
  const std::vector<uint8_t> parameters(launch.bytes.begin(), launch.bytes.end());
  try {
    ptx::launch(*launch.function.program, *launch.function.kernel, index(launch.grid), index(launch.block), parameters,
                {(uint64_t)setting("ORDER", 0)});
  } catch (const ptx::Fault &fault) {
    fail("a kernel failed", fault.what());
  }
}

static void execute(Launch launch) {
  if (launch.function.kernel != nullptr) return interpret(launch);
  std::vector<void *> parameters;
  for (size_t offset : launch.offsets) parameters.push_back(launch.bytes.data() + offset);
  gridDim = launch.grid;
  blockDim = launch.block;
  for (blockIdx.z = 0; blockIdx.z < gridDim.z; blockIdx.z++)
    for (blockIdx.y = 0; blockIdx.y < gridDim.y; blockIdx.y++)
      for (blockIdx.x = 0; blockIdx.x < gridDim.x; blockIdx.x++)
        if (!run_block([&] { launch.function.entry->call(parameters.data()); })) {
          fail("a barrier that not all threads of a block reach", launch.function.entry->name);
          return;
        }
}

/** CU_LAUNCH_PARAM_BUFFER_POINTER, its address, CU_LAUNCH_PARAM_BUFFER_SIZE, address of its size, CU_LAUNCH_PARAM_END. */
static bool read_extra(void **extra, const char *&bytes, size_t &size) {
  if (extra == nullptr || extra[0] != (void *)1 || extra[2] != (void *)2 || extra[4] != nullptr) return false;
  bytes = (const char *)extra[1];
  size = *(const size_t *)extra[3];
  return true;
}

EXPORT int cuLaunchKernel(void *handle, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                          unsigned, void *stream, void **, void **extra) {
  REQUIRE_CONTEXT();
  const Function &function = *(const Function *)handle;
  const std::string &name = function.name;
  const bool fits = gx > 0 && gy > 0 && gz > 0 && gx <= 2147483647u && gy <= 65535 && gz <= 65535;
  REQUIRE(fits && (long long)bx * by * bz <= 1024 && bx * by * bz > 0, complain("a launch beyond the limits", name));
  const char *bytes;
  size_t size, end = 0;
  REQUIRE(read_extra(extra, bytes, size), complain("a launch without a parameter buffer", name));
  std::vector<size_t> sizes;
  for (const Parameter &declared : function.parameters) sizes.push_back(declared.size);
  if (function.entry != nullptr) sizes = function.entry->sizes;
  REQUIRE(function.parameters.size() == sizes.size(), complain("another number of parameters in the PTX", name));
  Launch launch = {function, std::vector<char>(bytes, bytes + size), {}, {gx, gy, gz}, {bx, by, bz}};
  for (size_t p = 0; p < sizes.size(); p++) {
    const Parameter &declared = function.parameters[p];
    REQUIRE(declared.size == sizes[p], complain("a parameter of another size in the PTX", name + " " + std::to_string(p)));
    const size_t offset = (end + declared.align - 1) / declared.align * declared.align;
    launch.offsets.push_back(offset);
    end = offset + declared.size;
  }
  REQUIRE(size == end, complain("a parameter buffer of another size than the PTX declares", name));
  if (++state.launches == setting("LOST_AT", 0))
    ((Stream *)stream)->work.push_back([] { state.sticky = LAUNCH_FAILED; });
  else
    ((Stream *)stream)->work.push_back([launch] { execute(launch); });
  return SUCCESS;
}

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
