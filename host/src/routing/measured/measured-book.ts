import type { Operation } from '@voxhost/sdk';

/** How long calls took on this machine, in milliseconds, by `measuredKey`; the latest last. */
export type MeasuredBook = ReadonlyMap<string, number>;

/** Older ones are forgotten. */
const MOST_KEPT = 200;

/** Calls of one shape: all that a prediction looks at, and what it does not know to matter. */
export function measuredKey(operation: Operation): string {
  const { maps, samples, perRun, runs } = operation.demand;
  const demand = [...maps, samples, perRun, runs];
  if (operation.kind === 'metric') {
    const { name, fixed, moving, derivative } = operation;
    const images = [fixed, moving].map((i) => [i.pixelType, i.channels, ...i.grid.size]);
    return JSON.stringify([name, images, derivative, demand]);
  }
  const { source, interpolator, boundary, pixelType, gradient } = operation;
  const image = [source.pixelType, source.channels, ...source.grid.size];
  return JSON.stringify([interpolator, boundary.kind, image, pixelType, gradient, demand]);
}

/** Of one backend: what a version took says nothing of the next. */
export const measuredBy = (key: string, id: string, version: string): string =>
  `${id}@${version} ${key}`;

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
