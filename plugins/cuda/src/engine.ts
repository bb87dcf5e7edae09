import { createDeviceMemory, type DeviceMemory } from './device-memory.js';
import type { DeviceFacts, Driver } from './driver.js';
import { createLanes, type Lanes } from './lanes.js';
import { packArguments } from './pack-arguments.js';
import { parsePtx } from './ptx.js';

/** How far a launch reaches: threads along x, y and z, a thread's slices counted as one. */
export type Extent = readonly [x: number, y: number, z: number];

/** One device in use: its memory, its ways, its kernels. */
export interface Engine extends Disposable {
  readonly driver: Driver;
  readonly device: DeviceFacts;
  readonly memory: DeviceMemory;
  readonly lanes: Lanes;
  /** Starts a kernel; where the grid's limits end before the extent does, its threads go on by the grid's size. */
  launch(kernel: string, structs: readonly Uint8Array[], extent: Extent, stream: bigint): void;
}

const THREADS = 256;
/** Threads of a block along x: a warp, so that its loads are neighbours. */
const WARP = 32;

/** Enters the device and loads every kernel now, so that no call waits for the driver's compiler. */
export function startEngine(driver: Driver, device: DeviceFacts, ptx: Uint8Array): Engine {
  driver.enter(device.ordinal);
  const { entries } = parsePtx(new TextDecoder().decode(ptx));
  const module = driver.loadModule(ptx);
  const kernels = new Map(
    [...entries].map(([name, declared]) => [
      name,
      { handle: driver.kernel(module, name), declared },
    ]),
  );
  const memory = createDeviceMemory(driver, device.memoryBytes);
  const lanes = createLanes(driver);
  return {
    driver,
    device,
    memory,
    lanes,
    launch(name, structs, extent, stream) {
      const kernel = kernels.get(name);
      if (kernel === undefined) throw new Error(`there is no kernel ${name}`);
      const parameters = packArguments(name, kernel.declared, structs);
      const block = blockOf(extent);
      driver.launch(
        kernel.handle,
        { grid: gridOf(extent, block, device), block, parameters },
        stream,
      );
    },
    [Symbol.dispose]() {
      lanes[Symbol.dispose]();
      memory[Symbol.dispose]();
      driver.unloadModule(module);
      driver.leave(device.ordinal);
    },
  };
}

/** A list is one line of threads, a volume has blocks of several rows. */
const blockOf = ([, y, z]: Extent): Extent =>
  y === 1 && z === 1 ? [THREADS, 1, 1] : [WARP, THREADS / WARP, 1];

const gridOf = ([x, y, z]: Extent, block: Extent, { maxGrid }: DeviceFacts): Extent => [
  Math.ceil(x / block[0]),
  Math.min(Math.ceil(y / block[1]), maxGrid[0]),
  Math.min(z, maxGrid[1]),
];
