import { DriverError, RESULT } from './driver-error.js';
import type { Foreign, Koffi } from './koffi.js';

/**
 * The calls of the driver that the plugin makes. Handles and device addresses are 64-bit numbers on every system
 * that CUDA runs on; what is written to is a typed array behind `void *`.
 */
const PROTOTYPES = {
  cuInit: 'int cuInit(unsigned int flags)',
  cuDriverGetVersion: 'int cuDriverGetVersion(void *version)',
  cuGetErrorName: 'int cuGetErrorName(int error, void *name)',
  cuDeviceGetCount: 'int cuDeviceGetCount(void *count)',
  cuDeviceGet: 'int cuDeviceGet(void *device, int ordinal)',
  cuDeviceGetName: 'int cuDeviceGetName(void *name, int length, int device)',
  cuDeviceGetAttribute: 'int cuDeviceGetAttribute(void *value, int attribute, int device)',
  cuDeviceTotalMem: 'int cuDeviceTotalMem_v2(void *bytes, int device)',
  cuDevicePrimaryCtxRetain: 'int cuDevicePrimaryCtxRetain(void *context, int device)',
  cuDevicePrimaryCtxRelease: 'int cuDevicePrimaryCtxRelease(int device)',
  cuCtxSetCurrent: 'int cuCtxSetCurrent(uint64_t context)',
  cuMemGetInfo: 'int cuMemGetInfo_v2(void *free, void *total)',
  cuModuleLoadDataEx:
    'int cuModuleLoadDataEx(void *module, void *image, unsigned int count, void *options, void *values)',
  cuModuleUnload: 'int cuModuleUnload(uint64_t module)',
  cuModuleGetFunction: 'int cuModuleGetFunction(void *function, uint64_t module, const char *name)',
  cuMemAlloc: 'int cuMemAlloc_v2(void *address, size_t bytes)',
  cuMemFree: 'int cuMemFree_v2(uint64_t address)',
  cuMemHostAlloc: 'int cuMemHostAlloc(void *address, size_t bytes, unsigned int flags)',
  cuMemFreeHost: 'int cuMemFreeHost(uint64_t address)',
  cuStreamCreate: 'int cuStreamCreate(void *stream, unsigned int flags)',
  cuStreamDestroy: 'int cuStreamDestroy_v2(uint64_t stream)',
  cuStreamQuery: 'int cuStreamQuery(uint64_t stream)',
  cuMemcpyHtoDAsync:
    'int cuMemcpyHtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, uint64_t stream)',
  cuMemcpyDtoHAsync:
    'int cuMemcpyDtoHAsync_v2(uint64_t to, uint64_t from, size_t bytes, uint64_t stream)',
  cuLaunchKernel:
    'int cuLaunchKernel(uint64_t function, unsigned int gx, unsigned int gy, unsigned int gz, unsigned int bx, unsigned int by, unsigned int bz, unsigned int shared, uint64_t stream, void *parameters, void *extra)',
} as const;

export type Call = keyof typeof PROTOTYPES;

/** The driver's calls by name, which throw a `DriverError` for any answer but success. */
export interface DriverCalls {
  call(name: Call, ...args: readonly unknown[]): void;
  /** Of a call whose first argument is where it writes an `int`. */
  number(name: Call, ...args: readonly unknown[]): number;
  /** Of a call whose first argument is where it writes a handle, an address or a `size_t`. */
  handle(name: Call, ...args: readonly unknown[]): bigint;
  /** Of a call that may also answer that something is not ready. */
  isReady(name: Call, ...args: readonly unknown[]): boolean;
}

/** Loads the driver's library; throws where there is none, or where it lacks a call. */
export function bindCalls(koffi: Koffi, path: string): DriverCalls {
  const library = koffi.load(path);
  const names = Object.keys(PROTOTYPES) as Call[];
  const foreign = Object.fromEntries(
    names.map((name) => [name, library.func(PROTOTYPES[name])]),
  ) as { readonly [C in Call]: Foreign };
  const word = new BigUint64Array(1);
  const whole = new Int32Array(1);
  const nameOf = (result: number): string =>
    foreign.cuGetErrorName(result, word) === RESULT.success
      ? koffi.decode(word[0], 'char', -1)
      : 'an unknown error';
  const call: DriverCalls['call'] = (name, ...args) => {
    const result = foreign[name](...args);
    if (result !== RESULT.success) throw new DriverError(name, result, nameOf(result));
  };
  return {
    call,
    number(name, ...args) {
      call(name, whole, ...args);
      return whole[0];
    },
    handle(name, ...args) {
      call(name, word, ...args);
      return word[0];
    },
    isReady(name, ...args) {
      const result = foreign[name](...args);
      if (result === RESULT.success || result === RESULT.notReady) return result === RESULT.success;
      throw new DriverError(name, result, nameOf(result));
    },
  };
}
