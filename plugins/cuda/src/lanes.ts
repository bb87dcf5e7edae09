import type { Pixels } from '@voxhost/sdk';
import type { Driver, Pinned } from './driver.js';

/**
 * A way to and from the device: a stream and page-locked memory. There are two, so that one computes or copies while
 * the host fills or empties the other.
 */
export interface Lane {
  readonly stream: bigint;
  readonly pinned: Pinned;
}

export interface Lanes extends Disposable {
  readonly both: readonly [Lane, Lane];
  /** One at a time has the lanes, in the order of asking; both are empty when the next one gets them. */
  exclusive<T>(use: () => Promise<T>): Promise<T>;
  /** Until all that the lane was given has happened. Lets the event loop turn meanwhile. */
  drained(lane: Lane): Promise<void>;
  /** Copies an array to the device; resolves when it is there. For who has the lanes. */
  upload(to: bigint, data: Pixels | Uint8Array): Promise<void>;
  /** The same of several, which come to lie one after the other. */
  uploadAll(to: bigint, all: Iterable<Pixels | Uint8Array>): Promise<void>;
}

/** Bytes of page-locked memory of each lane: a copy of so many takes 1 ms over PCIe 4. */
export const LANE_BYTES = 2 ** 24;

/** Turns of the event loop before timers take over: most copies end within these. */
const EAGER_TURNS = 1000;

export function createLanes(driver: Driver): Lanes {
  const lane = (): Lane => ({
    stream: driver.createStream(),
    pinned: driver.allocatePinned(LANE_BYTES),
  });
  const both = [lane(), lane()] as const;
  let last: Promise<unknown> = Promise.resolve();

  async function drained({ stream }: Lane): Promise<void> {
    for (let turn = 0; !driver.isDone(stream); turn++) {
      await new Promise<void>((resolve) => {
        if (turn < EAGER_TURNS) setImmediate(resolve);
        else setTimeout(resolve, 1);
      });
    }
  }

  async function useAlone<T>(use: () => Promise<T>): Promise<T> {
    try {
      return await use();
    } finally {
      for (const each of both) await drained(each);
    }
  }

  /** Fills the lanes in turn, and sends one when it is full. */
  async function uploadAll(to: bigint, all: Iterable<Pixels | Uint8Array>): Promise<void> {
    let [sent, filled, which] = [0, 0, 0];
    const send = (): void => {
      const { pinned, stream } = both[which];
      if (filled > 0) driver.toDevice(to + BigInt(sent), pinned, filled, stream);
      [sent, filled, which] = [sent + filled, 0, 1 - which];
    };
    for (const { buffer, byteOffset, byteLength } of all) {
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      for (let at = 0; at < bytes.length; ) {
        if (filled === 0) await drained(both[which]);
        const part = bytes.subarray(at, at + LANE_BYTES - filled);
        both[which].pinned.bytes.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === LANE_BYTES) send();
      }
    }
    send();
    for (const each of both) await drained(each);
  }

  return {
    both,
    drained,
    exclusive(use) {
      const mine = last.then(() => useAlone(use));
      last = mine.catch(() => undefined);
      return mine;
    },
    upload: (to, data) => uploadAll(to, [data]),
    uploadAll,
    [Symbol.dispose]() {
      for (const { stream, pinned } of both) {
        driver.destroyStream(stream);
        driver.freePinned(pinned);
      }
    },
  };
}
