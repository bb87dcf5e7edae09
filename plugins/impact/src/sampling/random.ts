/**
 * PCG32 (O'Neill 2014, XSH RR 64/32): the same numbers from the same seed on every machine.
 * https://www.pcg-random.org
 */
export interface Random {
  /** 32 bits. */
  bits(): number;
  /** 0 <= x < 1, in steps of 2^-32. */
  uniform(): number;
  /** A whole number 0 <= i < n, each as likely. */
  below(n: number): number;
}

const MULTIPLIER = 6364136223846793005n;
const INCREMENT = 1442695040888963407n;
const MASK = (1n << 64n) - 1n;

export function createRandom(seed: number): Random {
  let state = (BigInt(Math.trunc(seed)) + INCREMENT) & MASK;
  const bits = (): number => {
    const old = state;
    state = (old * MULTIPLIER + INCREMENT) & MASK;
    const word = Number((((old >> 18n) ^ old) >> 27n) & 0xffffffffn);
    const turn = Number(old >> 59n);
    return ((word >>> turn) | (word << (-turn & 31))) >>> 0;
  };
  bits();
  return {
    bits,
    uniform: () => bits() / 2 ** 32,
    below(n) {
      const fair = 2 ** 32 - (2 ** 32 % n);
      for (;;) {
        const drawn = bits();
        if (drawn < fair) return drawn % n;
      }
    },
  };
}

/** `count` of the numbers 0 to n - 1 in random order; all of them in their order, without a draw, when that is all. */
export function drawSubset(random: Random, n: number, count: number): readonly number[] {
  const numbers = Array.from({ length: n }, (_, i) => i);
  if (count >= n) return numbers;
  for (let i = 0; i < count; i++) {
    const j = i + random.below(n - i);
    [numbers[i], numbers[j]] = [numbers[j], numbers[i]];
  }
  return numbers.slice(0, count);
}
