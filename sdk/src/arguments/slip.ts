/**
 * Is one word the other but for one slip: a letter added, left out or changed, two neighbours swapped, or the case of
 * letters? Words of two letters and less are too short to tell.
 */
export function isSlip(word: string, meant: string): boolean {
  if (Math.min(word.length, meant.length) < 3) return false;
  const [a, b] = withoutCommonEnds(word.toLowerCase(), meant.toLowerCase());
  if (a.length < 2 && b.length < 2) return true;
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}

/** What is left of two words without the longest beginning, then the longest end, that they share. */
function withoutCommonEnds(a: string, b: string): readonly [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}
