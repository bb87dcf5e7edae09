/**
 * Compares versions of drivers, C libraries and systems: dotted numbers, each part a number, missing parts 0.
 * "570.124.06" > "570.26" > "570.9". Undefined where either is no such version ("", "N/A").
 */
export function compareDotted(a: string, b: string): number | undefined {
  const left = parts(a);
  const right = parts(b);
  if (left === undefined || right === undefined) return undefined;
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = (left[i] ?? 0) - (right[i] ?? 0);
    if (order !== 0) return Math.sign(order);
  }
  return 0;
}

/** A longer number is no version: it could not be compared exactly. */
const DOTTED = /^\d{1,15}(?:\.\d{1,15}){0,7}$/;

const parts = (text: string): readonly number[] | undefined =>
  DOTTED.test(text) ? text.split('.').map(Number) : undefined;

/** The dotted number that a longer text starts with: `6.1.0` of `6.1.0-18-amd64`. */
export const leadingDotted = (text: string): string =>
  /^\d{1,15}(?:\.\d{1,15}){0,7}/.exec(text)?.[0] ?? '';
