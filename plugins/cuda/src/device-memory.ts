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
  const all = new Set<Entry>();
  const idle = createIdle();

  function drop(entry: Entry): void {
    idle.remove(entry);
    all.delete(entry);
    entry.forget();
    entry.made?.[Symbol.dispose]();
  }

  function allocate(bytes: number): bigint {
    for (;;) {
      try {
        return driver.allocate(bytes);
      } catch (error) {
        const longest = idle.longest();
        if (!isOutOfMemory(error) || longest === undefined) throw error;
        drop(longest);
      }
    }
  }

  function release(entry: Entry): void {
    entry.holders--;
    if (entry.holders > 0) return;
    idle.add(entry);
    for (let longest = idle.longest(); longest !== undefined; longest = idle.longest()) {
      if (idle.bytes() <= totalBytes * IDLE_PART) return;
      drop(longest);
    }
  }

  return {
    take(bytes) {
      const address = allocate(bytes);
      return { address, bytes, [Symbol.dispose]: once(() => free(driver, address)) };
    },
    async hold<T>(object: object, way: string, make: () => Promise<Made<T>>): Promise<Held<T>> {
      const ways = known.get(object) ?? new Map<string, Entry>();
      known.set(object, ways);
      const entry = ways.get(way) ?? begin(make, () => ways.delete(way));
      ways.set(way, entry);
      // Before anything is awaited, so that nobody in want of memory takes it meanwhile.
      entry.holders++;
      idle.remove(entry);
      const { value } = await entry.making;
      all.add(entry);
      return { value: value as T, [Symbol.dispose]: once(() => release(entry)) };
    },
    [Symbol.dispose]() {
      for (const entry of [...all]) drop(entry);
    },
  };
}

/** What was made and nobody holds. */
function createIdle() {
  const entries = new Set<Entry>(); // in the order in which they became idle
  let bytes = 0;
  return {
    add(entry: Entry): void {
      entries.add(entry);
      bytes += bytesOf(entry);
    },
    remove(entry: Entry): void {
      if (entries.delete(entry)) bytes -= bytesOf(entry);
    },
    bytes: (): number => bytes,
    longest(): Entry | undefined {
      const [first] = entries;
      return first;
    },
  };
}

/** Of something that may be disposed again: does it the first time. */
function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
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
