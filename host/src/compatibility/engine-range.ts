import Range from 'semver/classes/range.js';

/** Longest range that is parsed. */
const LONGEST = 128;

/** A parsed range of versions, or why it is none. */
export type EngineRange =
  | { readonly ok: true; readonly range: Range }
  | { readonly ok: false; readonly reason: string };

const parsed = new Map<string, EngineRange>();
/** Plugins repeat a few ranges; beyond this the memory starts anew. */
const REMEMBERED = 1000;

/** Parses a range in npm's grammar. Empty is no range; `*` must be written. */
export function parseRange(text: string): EngineRange {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const range = parse(text);
  if (parsed.size >= REMEMBERED) parsed.clear();
  parsed.set(text, range);
  return range;
}

function parse(text: string): EngineRange {
  if (text.trim() === '') return { ok: false, reason: 'is empty' };
  if (text.length > LONGEST) return { ok: false, reason: `is longer than ${LONGEST} characters` };
  try {
    const range = new Range(text);
    if (!range.set.some(isPossible)) return { ok: false, reason: 'admits no version' };
    return { ok: true, range };
  } catch {
    return { ok: false, reason: 'is not a range of versions' };
  }
}

type Comparators = Range['set'][number];

/** Is there a version between the highest floor and the lowest ceiling? */
function isPossible(comparators: Comparators): boolean {
  return comparators.every((floor) =>
    comparators.every((ceiling) => {
      if (!floor.operator.startsWith('>') || !ceiling.operator.startsWith('<')) return true;
      const order = floor.semver.compare(ceiling.semver);
      return order < 0 || (order === 0 && floor.operator === '>=' && ceiling.operator === '<=');
    }),
  );
}

/**
 * Does every alternative of the range end somewhere? Before 1.0 nobody can know which version breaks,
 * so a floor of 0.x may stay open; `*` never may.
 */
export function hasUpperBound(range: Range): boolean {
  return range.set.every((comparators) => {
    if (comparators.some(({ operator }) => operator === '' || operator.startsWith('<')))
      return comparators.some(({ value }) => value !== '');
    return comparators.some(
      ({ operator, semver }) => operator.startsWith('>') && semver.major === 0,
    );
  });
}

/**
 * Is the version in the range? A pre-release counts as the release it leads to, on either end: 2.0.0-beta
 * satisfies `>=2.0.0` and not `<2.0.0`, so an open end cannot let in 3.0.0-pre by the back door (node-semver#282).
 */
export function satisfies(version: string, range: Range): boolean {
  const release = /^v?(\d+\.\d+\.\d+)/.exec(version)?.[1];
  return release !== undefined && range.test(release);
}
