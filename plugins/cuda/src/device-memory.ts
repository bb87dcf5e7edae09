import type { Driver } from './driver.js';
import { isOutOfMemory } from './driver-error.js';

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
  readonly made: Made<unknown>;
  readonly forget: () => void;
  holders: number;
}

/** Part of the device's memory that may lie idle, so that other programs find some. */
const IDLE_PART = 1 / 4;

export function createDeviceMemory(driver: Driver, totalBytes: number): DeviceMemory {
  const known = new WeakMap<object, Map<string, Promise<Entry>>>();
  const idle = new Set<Entry>(); // in the order in which they became idle
  const all = new Set<Entry>();

  function drop(entry: Entry): void {
    idle.delete(entry);
    all.delete(entry);
    entry.forget();
    entry.made[Symbol.dispose]();
  }

  function trim(): void {
    let bytes = [...idle].reduce((sum, { made }) => sum + made.bytes, 0);
    for (const entry of idle) {
      if (bytes <= totalBytes * IDLE_PART) return;
      bytes -= entry.made.bytes;
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
    trim();
  }

  return {
    take(bytes) {
      let address: bigint | undefined = allocate(bytes);
      return {
        address,
        bytes,
        [Symbol.dispose]() {
          if (address !== undefined) driver.free(address);
          address = undefined;
        },
      };
    },
    async hold<T>(object: object, way: string, make: () => Promise<Made<T>>): Promise<Held<T>> {
      const ways = known.get(object) ?? new Map<string, Promise<Entry>>();
      known.set(object, ways);
      const making = ways.get(way) ?? makeEntry(make, () => ways.delete(way));
      ways.set(way, making);
      const entry = await making;
      entry.holders++;
      idle.delete(entry);
      all.add(entry);
      let isHeld = true;
      return {
        value: entry.made.value as T,
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

function makeEntry(make: () => Promise<Made<unknown>>, forget: () => void): Promise<Entry> {
  const making = make().then((made) => ({ made, forget, holders: 0 }));
  making.catch(forget);
  return making;
}
