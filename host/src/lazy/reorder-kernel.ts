import { REORDER_BYTES } from './reorder-bytes.js';

/** Bytes that the kernel reads from, and as many that it writes to: both stay in a second-level cache. */
export const ROOM = 2 ** 18;
/** Below lie the module's own constants. */
const SOURCE = 2 ** 16;
const TARGET = SOURCE + ROOM;

/** `host/assembly/reorder.ts` over memory of its own. */
export interface ReorderKernel {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  /**
   * Fills the target, packed, with `counts` elements; `from` is the element of the source that comes first, and
   * `steps` are how far apart neighbours lie there. Three axes, x first.
   */
  run(bytes: number, counts: readonly number[], from: number, steps: readonly number[]): void;
}

type Reorder = (bytes: number, from: number, to: number, ...axes: readonly number[]) => void;

let known: ReorderKernel | undefined;

/** One for the whole process: copies are synchronous, so no two of them use it at once. Compiled at the first call. */
export function reorderKernel(): ReorderKernel {
  known ??= compile();
  return known;
}

function compile(): ReorderKernel {
  const module = new WebAssembly.Module(Buffer.from(REORDER_BYTES, 'base64'));
  const { exports } = new WebAssembly.Instance(module, {});
  const { memory, reorder } = exports as unknown as {
    readonly memory: WebAssembly.Memory;
    readonly reorder: Reorder;
  };
  return {
    source: new Uint8Array(memory.buffer, SOURCE, ROOM),
    target: new Uint8Array(memory.buffer, TARGET, ROOM),
    run: (bytes, counts, from, steps) =>
      reorder(bytes, SOURCE + from * bytes, TARGET, ...counts, ...steps),
  };
}
