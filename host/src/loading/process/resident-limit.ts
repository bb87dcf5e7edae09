import { readResidentBytes } from './read-resident-bytes.js';

/** Looking costs a read of a file, and a leak grows slowly. */
const EVERY_MS = 100;

/** How much memory a process may hold. It is asked after every answer, and looks now and then. */
export class ResidentLimit {
  readonly #limit: number;
  #looked = 0;

  /** @param limit - resident bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is too much, in words; undefined where it is within the limit, cannot be seen, or was seen just now. */
  overrun(pid: number | undefined): string | undefined {
    const now = performance.now();
    if (now - this.#looked < EVERY_MS || pid === undefined) return undefined;
    this.#looked = now;
    const bytes = readResidentBytes(pid);
    if (bytes === undefined || bytes <= this.#limit) return undefined;
    return `it holds ${bytes} bytes of memory, over ${this.#limit}`;
  }
}
