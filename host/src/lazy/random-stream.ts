import { finite, requireArgument } from '@voxhost/sdk/arguments';
import { keyOf, normal, type PhiloxKey, philox, unit } from './philox.js';

/** Numbers drawn one after another: the same seed, the same numbers. */
export interface RandomStream {
  /** In [low, high). */
  uniform(low: number, high: number): number;
  /** Whole, in [0, count). */
  below(count: number): number;
  normal(): number;
  /** A seed for what keeps drawing by itself: noise, a field. */
  seed(): number;
}

/** A stream of a seed; `salt` gives independent streams of one seed. Throws `BAD_ARGUMENT`. */
export function createRandomStream(seed: number, salt = 0): RandomStream {
  requireArgument('seed', seed, finite);
  requireArgument('salt', salt, finite);
  const key: PhiloxKey = keyOf(seed, salt);
  const words = new Uint32Array(4);
  let count = 0;
  const draw = (): Uint32Array => {
    words.set([count, Math.floor(count / 0x100000000), 0, 0]);
    count++;
    philox(words, key);
    return words;
  };
  const uniform = (low: number, high: number): number => low + (high - low) * unit(draw()[0]);
  return {
    uniform,
    below: (n) => Math.min(n - 1, Math.floor(uniform(0, n))),
    normal: () => {
      const [a, b] = draw();
      return normal(a, b);
    },
    seed: () => draw()[0],
  };
}
