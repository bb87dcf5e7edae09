/** Multipliers and key increments of Philox4x32 (Salmon et al., SC 2011, table 2). */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** A 64-bit key in two halves. */
export type PhiloxKey = readonly [low: number, high: number];

/**
 * Philox4x32-10: four 32-bit random words that depend on the counter and the key alone, so that any of them
 * can be had without the others, in any order, anywhere. Writes them over `words`, which holds the counter.
 */
export function philox(words: Uint32Array, key: PhiloxKey): void {
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [c0, c1, c2, c3] = words;
    words[0] = highProduct(M1, c2) ^ c1 ^ k0;
    words[1] = Math.imul(M1, c2);
    words[2] = highProduct(M0, c0) ^ c3 ^ k1;
    words[3] = Math.imul(M0, c0);
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
}

/** Upper 32 bits of the product of two unsigned 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const [al, ah] = [a & 0xffff, a >>> 16];
  const [bl, bh] = [b & 0xffff, b >>> 16];
  const low = al * bl;
  const middle = ah * bl + (low >>> 16);
  const cross = al * bh + (middle & 0xffff);
  return ah * bh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
}

/** The key of a seed: any number, whole ones up to 2^53 apart from each other. `salt` separates uses of one seed. */
export function keyOf(seed: number, salt = 0): PhiloxKey {
  const words = new Uint32Array(4);
  words[0] = seed;
  words[1] = Math.floor(seed / 0x100000000);
  words[2] = salt;
  philox(words, [0x766f7868, 0x6f737400]);
  return [words[0], words[1]];
}

/** Uniform in (0, 1) of one word. */
export const unit = (word: number): number => (word + 0.5) / 0x100000000;

/** Standard normal of two words (Box and Muller). */
export const normal = (a: number, b: number): number =>
  Math.sqrt(-2 * Math.log(unit(a))) * Math.cos(2 * Math.PI * unit(b));
