import type { Driver } from './driver.js';
import { isDeviceLost, isOutOfMemory } from './driver-error.js';

/** A piece of the device's memory. */
export interface Region extends Disposable {
  readonly address: bigint;
  readonly bytes: number;
}

/** What many hold at once; the last who lets go leaves it idle, not freed. */
export interface Held<T> extends Disposable {
  readonly value: T;
}

/** Something on the device that was made from an object of the host. */
export interface Made<T> extends Disposable {
  readonly value: T;
  readonly bytes: number;
}

/**
 * Memory of one device. What is made from an object stays under the object's identity, which is its content: first
 * counted by its holders, then idle, until memory is needed; what was idle for longest goes first.
 */
export interface DeviceMemory extends Disposable {
  /** Throws the driver's error when there is no room even without what is idle. */
  take(bytes: number): Region;
  /** What was made of the object in this way, or makes it now. Concurrent calls share one making. */
  hold<T>(object: object, way: string, make: () => Promise<Made<T>>): Promise<Held<T>>;
}

interface Entry {
  readonly making: Promise<Made<unknown>>;
  /** Once it is made. */
  made?: Made<unknown>;
  readonly forget: () => void;
  holders: number;
}

/** Part of the device's memory that may lie idle, so that other programs find some. */
const IDLE_PART = 1 / 4;

export function createDeviceMemory(driver: Driver, totalBytes: number): DeviceMemory {
  const known = new WeakMap<object, Map<string, Entry>>();
  const idle = new Set<Entry>(); // in the order in which they became idle
  const all = new Set<Entry>();
  let idleBytes = 0;

  function leaveIdle(entry: Entry): void {
    if (idle.delete(entry)) idleBytes -= bytesOf(entry);
  }

  function drop(entry: Entry): void {
    leaveIdle(entry);
    all.delete(entry);
    entry.forget();
    entry.made?.[Symbol.dispose]();
  }

  function trim(): void {
    for (const entry of idle) {
      if (idleBytes <= totalBytes * IDLE_PART) return;
      drop(entry);
    }
  }

  function allocate(bytes: number): bigint {
    for (;;) {
      try {
        return driver.allocate(bytes);
      } catch (error) {
        const [longest] = idle;
        if (!isOutOfMemory(error) || longest === undefined) throw error;
        drop(longest);
      }
    }
  }

  function release(entry: Entry): void {
    entry.holders--;
    if (entry.holders > 0) return;
    idle.add(entry);
    idleBytes += bytesOf(entry);
    trim();
  }

  return {
    take(bytes) {
      let address: bigint | undefined = allocate(bytes);
      return {
        address,
        bytes,
        [Symbol.dispose]() {
          if (address !== undefined) free(driver, address);
          address = undefined;
        },
      };
    },
    async hold<T>(object: object, way: string, make: () => Promise<Made<T>>): Promise<Held<T>> {
      const ways = known.get(object) ?? new Map<string, Entry>();
      known.set(object, ways);
      const entry = ways.get(way) ?? begin(make, () => ways.delete(way));
      ways.set(way, entry);
      // Before anything is awaited, so that nobody in want of memory takes it meanwhile.
      entry.holders++;
      leaveIdle(entry);
      const { value } = await entry.making;
      all.add(entry);
      let isHeld = true;
      return {
        value: value as T,
        [Symbol.dispose]() {
          if (isHeld) release(entry);
          isHeld = false;
        },
      };
    },
    [Symbol.dispose]() {
      for (const entry of [...all]) drop(entry);
    },
  };
}

/** A lost device has nothing to free, and whoever calls it next hears of that again. */
function free(driver: Driver, address: bigint): void {
  try {
    driver.free(address);
  } catch (error) {
    if (!isDeviceLost(error)) throw error;
  }
}

const bytesOf = ({ made }: Entry): number => made?.bytes ?? 0;

/** What cannot be made is forgotten, so that the next call tries again. */
function begin(make: () => Promise<Made<unknown>>, forget: () => void): Entry {
  const entry: Entry = { making: make(), forget, holders: 0 };
  entry.making.then((made) => {
    entry.made = made;
  }, forget);
  return entry;
}
