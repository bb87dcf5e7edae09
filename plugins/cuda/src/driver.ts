import { bindCalls, type DriverCalls } from './driver-calls.js';
import type { Koffi } from './koffi.js';

/** CUdevice_attribute, of `cuda.h`. */
const ATTRIBUTE = { maxGridY: 6, maxGridZ: 7, major: 75, minor: 76 } as const;

/** CU_STREAM_NON_BLOCKING: streams of our own do not wait for the legacy one. */
const NON_BLOCKING = 1;

/** CU_LAUNCH_PARAM_BUFFER_POINTER, _SIZE and _END: parameters packed as PTX lays them out. */
const PACKED = { pointer: 1n, size: 2n, end: 0n } as const;

/** A device as the driver describes it. */
export interface DeviceFacts {
  readonly ordinal: number;
  readonly name: string;
  /** `7.5` */
  readonly computeCapability: string;
  readonly memoryBytes: number;
  /** Most blocks of a grid along y and z. */
  readonly maxGrid: readonly [y: number, z: number];
}

/** Page-locked memory of the host, which the device copies from and to by itself. */
export interface Pinned {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

export interface Launch {
  readonly grid: readonly [x: number, y: number, z: number];
  readonly block: readonly [x: number, y: number, z: number];
  /** As PTX lays them out. */
  readonly parameters: Uint8Array;
}

/** The driver's calls, each of which throws a `DriverError` for any answer but success. */
export interface Driver {
  /** The newest CUDA that the driver runs, 1000 · major + 10 · minor. */
  version(): number;
  init(): void;
  deviceCount(): number;
  device(ordinal: number): DeviceFacts;
  /** Makes the device's primary context current. */
  enter(ordinal: number): void;
  leave(ordinal: number): void;
  /** Of the current device, in bytes. */
  memory(): { readonly free: number; readonly total: number };
  /** Compiles PTX for the current device, or takes it from the driver's own cache. */
  loadModule(ptx: Uint8Array): bigint;
  unloadModule(module: bigint): void;
  kernel(module: bigint, name: string): bigint;
  allocate(bytes: number): bigint;
  free(address: bigint): void;
  allocatePinned(bytes: number): Pinned;
  freePinned(pinned: Pinned): void;
  createStream(): bigint;
  destroyStream(stream: bigint): void;
  /** Has all that the stream was given happened? */
  isDone(stream: bigint): boolean;
  toDevice(to: bigint, from: Pinned, bytes: number, stream: bigint): void;
  toHost(to: Pinned, from: bigint, bytes: number, stream: bigint): void;
  launch(kernel: bigint, launch: Launch, stream: bigint): void;
}

/** What the driver's library is called where the user names none. */
export const driverLibrary = (platform: string): string =>
  platform === 'win32' ? 'nvcuda.dll' : 'libcuda.so.1';

/** Loads the driver's library; throws where there is none, or where it lacks a call. */
export function loadDriver(koffi: Koffi, path: string): Driver {
  const calls = bindCalls(koffi, path);
  return {
    version: () => calls.number('cuDriverGetVersion'),
    init: () => calls.call('cuInit', 0),
    ...deviceCalls(calls),
    ...moduleCalls(calls),
    ...memoryCalls(calls, koffi),
    ...streamCalls(calls, koffi),
  };
}

type DeviceCalls = Pick<Driver, 'deviceCount' | 'device' | 'enter' | 'leave'>;

function deviceCalls({ call, number, handle }: DriverCalls): DeviceCalls {
  const attribute = (which: number, device: number): number =>
    number('cuDeviceGetAttribute', which, device);
  return {
    deviceCount: () => number('cuDeviceGetCount'),
    device(ordinal) {
      const device = number('cuDeviceGet', ordinal);
      const text = new Uint8Array(256);
      call('cuDeviceGetName', text, text.length, device);
      return {
        ordinal,
        name: new TextDecoder().decode(text.subarray(0, text.indexOf(0))),
        computeCapability: `${attribute(ATTRIBUTE.major, device)}.${attribute(ATTRIBUTE.minor, device)}`,
        memoryBytes: Number(handle('cuDeviceTotalMem', device)),
        maxGrid: [attribute(ATTRIBUTE.maxGridY, device), attribute(ATTRIBUTE.maxGridZ, device)],
      };
    },
    enter: (ordinal) =>
      call('cuCtxSetCurrent', handle('cuDevicePrimaryCtxRetain', number('cuDeviceGet', ordinal))),
    leave: (ordinal) => call('cuDevicePrimaryCtxRelease', number('cuDeviceGet', ordinal)),
  };
}

type ModuleCalls = Pick<Driver, 'loadModule' | 'unloadModule' | 'kernel'>;

const moduleCalls = ({ call, handle }: DriverCalls): ModuleCalls => ({
  loadModule: (ptx) => handle('cuModuleLoadDataEx', terminated(ptx), 0, null, null),
  unloadModule: (module) => call('cuModuleUnload', module),
  kernel: (module, name) => handle('cuModuleGetFunction', module, name),
});

type MemoryCalls = Pick<Driver, 'memory' | 'allocate' | 'free' | 'allocatePinned' | 'freePinned'>;

const memoryCalls = ({ call, handle }: DriverCalls, koffi: Koffi): MemoryCalls => ({
  memory() {
    const total = new BigUint64Array(1);
    return { free: Number(handle('cuMemGetInfo', total)), total: Number(total[0]) };
  },
  allocate: (bytes) => handle('cuMemAlloc', bytes),
  free: (address) => call('cuMemFree', address),
  allocatePinned(bytes) {
    const address = handle('cuMemHostAlloc', bytes, 0);
    return { address, bytes: new Uint8Array(koffi.view(address, bytes)) };
  },
  freePinned: ({ address }) => call('cuMemFreeHost', address),
});

type StreamCalls = Pick<
  Driver,
  'createStream' | 'destroyStream' | 'isDone' | 'toDevice' | 'toHost' | 'launch'
>;

const streamCalls = ({ call, handle, isReady }: DriverCalls, koffi: Koffi): StreamCalls => {
  const launchArea = createLaunchArea(koffi);
  return {
    createStream: () => handle('cuStreamCreate', NON_BLOCKING),
    destroyStream: (stream) => call('cuStreamDestroy', stream),
    isDone: (stream) => isReady('cuStreamQuery', stream),
    toDevice: (to, from, bytes, stream) =>
      call('cuMemcpyHtoDAsync', to, from.address, bytes, stream),
    toHost: (to, from, bytes, stream) => call('cuMemcpyDtoHAsync', to.address, from, bytes, stream),
    launch(kernel, { grid, block, parameters }, stream) {
      const extra = launchArea(parameters);
      call('cuLaunchKernel', kernel, ...grid, ...block, 0, stream, null, extra);
    },
  };
};

/** Bytes that a kernel's parameters may have: PTX ISA, Kernel Function Parameters. */
const MOST_PARAMETER_BYTES = 4352;

/**
 * Where launches put their parameters, and the list that tells the driver of them. In a buffer of its own: V8 moves small
 * arrays when it collects garbage, so that an address that was taken before may be another's.
 */
function createLaunchArea(koffi: Koffi): (parameters: Uint8Array) => BigUint64Array {
  const area = new ArrayBuffer(MOST_PARAMETER_BYTES + 48);
  const bytes = new Uint8Array(area, 0, MOST_PARAMETER_BYTES);
  const words = new BigUint64Array(area, MOST_PARAMETER_BYTES);
  const address = koffi.address(bytes);
  const size = address + BigInt(MOST_PARAMETER_BYTES);
  words.set([0n, PACKED.pointer, address, PACKED.size, size, PACKED.end]);
  return (parameters) => {
    bytes.set(parameters);
    words[0] = BigInt(parameters.byteLength);
    return words.subarray(1);
  };
}

/** PTX is a text that ends with a zero byte. */
function terminated(ptx: Uint8Array): Uint8Array {
  const image = new Uint8Array(ptx.length + 1);
  image.set(ptx);
  return image;
}
