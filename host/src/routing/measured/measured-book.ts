/** How long calls took on this machine, in milliseconds, by `measuredBy`; the latest last. */
export type MeasuredBook = ReadonlyMap<string, number>;

/** Older ones are forgotten. */
const MOST_KEPT = 200;

/** Calls of one shape on one backend: what a version took says nothing of the next. */
export const measuredBy = (shape: string, id: string, version: string): string =>
  `${id}@${version} ${shape}`;

/** Both, the newer over the older, cut to what is kept. */
export function joinBooks(older: MeasuredBook, newer: MeasuredBook): MeasuredBook {
  const kept = [...older].filter(([key]) => !newer.has(key));
  return new Map([...kept, ...newer].slice(-MOST_KEPT));
}

export const formatMeasuredBook = (book: MeasuredBook): string =>
  `${JSON.stringify(Object.fromEntries(book), null, 2)}\n`;

/** A damaged book is an empty one. Pure. */
export function parseMeasuredBook(text: string): MeasuredBook {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return new Map();
    const entries = Object.entries(parsed as Readonly<Record<string, unknown>>);
    return new Map(entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
  } catch {
    return new Map();
  }
}
