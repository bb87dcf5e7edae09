import type { BinaryFacts } from './binary-facts.js';

/** Where the loader would look for a needed library, in order. */
export interface Search {
  readonly paths: readonly string[];
  /** It comes with the system or the process, and needs no file that could be seen. */
  readonly isGiven: boolean;
  /** All places that could hold it are known; else its absence from them proves nothing. */
  readonly isComplete: boolean;
}

/** A binary at its path. */
export interface PlacedBinary {
  readonly path: string;
  readonly facts: BinaryFacts;
}
