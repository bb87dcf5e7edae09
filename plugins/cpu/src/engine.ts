import type { Heap } from './heap.js';
import type { MemoryLimits } from './limits.js';
import type { Pool } from './pool.js';

/** What computes: memory and the threads that share it. */
export interface Engine {
  readonly heap: Heap;
  readonly pool: Pool;
  readonly limits: MemoryLimits;
}
