import { amount, optional, record, requireArgument } from '@voxhost/sdk/arguments';
import type { RulesOf } from '../request-rules.js';

/** How often a cache was asked and how often it had the answer. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}

/** Results by content, least recently used ones dropped. */
export interface MapCache {
  /** The value of this content, made once; `size` tells the bytes it holds. */
  get<T>(content: string, make: () => T, size?: (value: T) => number): T;
  readonly counts: CacheCounts;
}

/** Beyond either, what was not used for longest is dropped. */
export interface CacheLimits {
  /** Default 64. */
  readonly entries?: number;
  /** Default 1 GB: one inverse of a 256 x 256 x 256 field in float64 and some more. */
  readonly bytes?: number;
}

interface Held {
  readonly value: unknown;
  readonly bytes: number;
}

const LIMITS = record({
  entries: optional(amount),
  bytes: optional(amount),
} satisfies RulesOf<CacheLimits>);

/**
 * A bounded cache of composed maps and their inverses. What is larger than the whole bound is not kept.
 * Throws `BAD_ARGUMENT`.
 */
export function createMapCache(limits: CacheLimits = {}): MapCache {
  requireArgument('limits', limits, LIMITS);
  const { entries = 64, bytes = 1e9 } = limits;
  const held = new Map<string, Held>();
  let [hits, misses, total] = [0, 0, 0];
  const drop = (content: string): void => {
    total -= held.get(content)?.bytes ?? 0;
    held.delete(content);
  };
  const keep = (content: string, one: Held): void => {
    held.set(content, one);
    total += one.bytes;
    for (const oldest of held.keys()) {
      if (held.size <= entries && total <= bytes) break;
      drop(oldest);
    }
  };
  return {
    get<T>(content: string, make: () => T, size: (value: T) => number = () => 0): T {
      const found = held.get(content);
      if (found !== undefined) {
        hits++;
        held.delete(content);
        held.set(content, found);
        return found.value as T;
      }
      misses++;
      const value = make();
      keep(content, { value, bytes: size(value) + content.length });
      return value;
    },
    get counts() {
      return { hits, misses, entries: held.size, bytes: total };
    },
  };
}
