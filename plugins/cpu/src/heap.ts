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
  let free: Region[] = [{ address: FIRST, length: memory.buffer.byteLength - FIRST }];

  function growFor(length: number): void {
    const end = memory.buffer.byteLength;
    const last = free.at(-1);
    const missing = length - (last && last.address + last.length === end ? last.length : 0);
    const pages = Math.ceil(missing / PAGE);
    const refusal = growMemory(memory, pages);
    if (refusal) throw new VoxhostError('OUT_OF_MEMORY', { backend, bytes: length }, refusal.cause);
    free = join([...free, { address: end, length: pages * PAGE }]);
  }

  return {
    memory,
    allocate(bytes) {
      const length = Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
      if (!free.some((region) => region.length >= length)) growFor(length);
      const at = free.findIndex((region) => region.length >= length);
      const { address, length: whole } = free[at];
      const rest = { address: address + length, length: whole - length };
      free.splice(at, 1, ...(rest.length > 0 ? [rest] : []));
      used.set(address, length);
      return address;
    },
    release(address) {
      const length = used.get(address);
      if (length === undefined) return;
      used.delete(address);
      free = join([...free, { address, length }]);
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

function join(regions: readonly Region[]): Region[] {
  const joined: Region[] = [];
  for (const region of [...regions].sort((a, b) => a.address - b.address)) {
    const last = joined.at(-1);
    if (last && last.address + last.length === region.address) {
      joined[joined.length - 1] = { address: last.address, length: last.length + region.length };
    } else {
      joined.push(region);
    }
  }
  return joined;
}
