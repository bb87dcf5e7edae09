import type { Backend } from '../backend.js';
import type { Rule } from './rules.js';

/** One rule of the contract, tried on one claim of a backend. */
export interface ConformanceCase {
  readonly rule: Rule;
  /** A claim in words; with the rule's number it names the case. */
  readonly name: string;
  /**
   * Rejects with what the backend did wrong.
   *
   * @param backend - may be shared with other cases; left as it was found
   * @param create - makes another, which the case disposes
   */
  run(backend: Backend, create: () => Promise<Backend>): Promise<void>;
}
