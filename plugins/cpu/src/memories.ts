/** 4 GiB, all that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;
const INITIAL_PAGES = 16;

/**
 * Memories of backends that were disposed. A dropped shared memory stays resident until some later collection,
 * and its pages never shrink, so the next backend of this process takes one of these.
 */
const idle: WebAssembly.Memory[] = [];

/** A shared memory that can grow to 4 GiB; contents undefined. */
export function takeMemory(): WebAssembly.Memory {
  return (
    idle.pop() ??
    new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true })
  );
}

/** For a memory that no worker uses any more. */
export function giveBackMemory(memory: WebAssembly.Memory): void {
  idle.push(memory);
}
