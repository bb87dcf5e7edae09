#include "driver.h"
#include "modules.h"

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
  if (run_loops(*launch.function.entry, parameters.data())) return;
  fail("a barrier that not all threads of a block reach", launch.function.name);
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
