/** Cancelled requests that are remembered; an older one is known to the event loop long since. */
const SLOTS = 1024;

/**
 * Which requests were cancelled, in memory that the reading thread and the plugin's thread share: a run that
 * does not return to the event loop still sees its cancel.
 */
export class CancelFlags {
  readonly memory: SharedArrayBuffer;
  readonly #slots: Int32Array;

  constructor(memory = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#slots = new Int32Array(memory);
  }

  raise(id: number): void {
    Atomics.store(this.#slots, (id >>> 1) % SLOTS, id);
  }

  isRaised(id: number): boolean {
    return Atomics.load(this.#slots, (id >>> 1) % SLOTS) === id;
  }
}

/**
 * A signal that is aborted as soon as the flag is raised: reading `aborted`, or asking it to throw, looks at
 * the flag, so polling it works without a turn of the event loop.
 */
export function flaggedSignal(
  outer: AbortSignal,
  isRaised: () => boolean,
  reason: () => unknown,
): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort(outer.aborted ? outer.reason : reason());
  if (outer.aborted) abort();
  else outer.addEventListener('abort', abort, { once: true });
  const look = () => {
    if (isRaised()) abort();
  };
  const native = (): boolean => Reflect.get(AbortSignal.prototype, 'aborted', signal) as boolean;
  Object.defineProperty(signal, 'aborted', {
    get: () => {
      look();
      return native();
    },
  });
  Object.defineProperty(signal, 'throwIfAborted', {
    value: () => {
      look();
      AbortSignal.prototype.throwIfAborted.call(signal);
    },
  });
  return signal;
}
