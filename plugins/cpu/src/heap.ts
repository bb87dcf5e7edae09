import { VoxhostError } from '@voxhost/sdk';

/** Below this lie the constants of the kernels. */
const FIRST = 65536;
const PAGE = 65536;
const ALIGNMENT = 64;
/** Kernels read and write whole vectors, so each allocation has room past its end. */
const SLACK = 64;

/** Memory that the workers share, handed out and taken back. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** Address of at least so many bytes, aligned to 64; contents undefined. Throws `OUT_OF_MEMORY`. */
  allocate(bytes: number): number;
  release(address: number): void;
  /** View of a region; until the next `allocate`, which may grow the memory. */
  bytes(address: number, length: number): Uint8Array;
}

interface Region {
  readonly address: number;
  readonly length: number;
}

/** First fit over one memory; what is released is joined with its neighbours, and reused before the memory grows. */
export function createHeap(memory: WebAssembly.Memory, backend: string): Heap {
  const used = new Map<number, number>();
  /** By address; no two that meet. */
  const free: Region[] = [{ address: FIRST, length: memory.buffer.byteLength - FIRST }];

  function growFor(length: number): void {
    const end = memory.buffer.byteLength;
    const last = free.at(-1);
    const missing = length - (last && last.address + last.length === end ? last.length : 0);
    const pages = Math.ceil(missing / PAGE);
    const refusal = growMemory(memory, pages);
    if (refusal) throw new VoxhostError('OUT_OF_MEMORY', { backend, bytes: length }, refusal.cause);
    putBack(free, { address: end, length: pages * PAGE });
  }

  const firstFit = (length: number): number => free.findIndex((region) => region.length >= length);

  return {
    memory,
    allocate(bytes) {
      const length = Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
      let at = firstFit(length);
      if (at < 0) {
        growFor(length);
        at = firstFit(length);
      }
      const { address, length: whole } = free[at];
      if (whole === length) free.splice(at, 1);
      else free[at] = { address: address + length, length: whole - length };
      used.set(address, length);
      return address;
    },
    release(address) {
      const length = used.get(address);
      if (length === undefined) return;
      used.delete(address);
      putBack(free, { address, length });
    },
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
  };
}

/** What spoke against it, if anything. */
function growMemory(memory: WebAssembly.Memory, pages: number): { cause: unknown } | undefined {
  try {
    memory.grow(pages);
    return undefined;
  } catch (cause) {
    return { cause };
  }
}

/** Among regions by address, joined with those that it meets. */
function putBack(free: Region[], region: Region): void {
  let at = free.length;
  while (at > 0 && free[at - 1].address > region.address) at--;
  free.splice(at, 0, region);
  joinWithNext(free, at);
  if (at > 0) joinWithNext(free, at - 1);
}

function joinWithNext(free: Region[], at: number): void {
  const { address, length } = free[at];
  const next = free[at + 1];
  if (next?.address === address + length)
    free.splice(at, 2, { address, length: length + next.length });
}
