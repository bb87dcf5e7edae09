#include <cstdio>

#include "driver.h"

State state;

int device_count() { return (int)setting("DEVICES", 1); }

int complain(const char *text, const std::string &about) {
  state.complaint = std::string(text) + ": " + about;
  if (setting("QUIET", 0) == 0) fprintf(stderr, "fake CUDA driver: %s\n", state.complaint.c_str());
  return INVALID_VALUE;
}

void fail(const char *text, const std::string &about) {
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
