import { readFile } from 'node:fs/promises';
import { type MeasuredBook, parseMeasuredBook } from './measured-book.js';

/** An absent or damaged book is an empty one. */
export async function readMeasuredBook(path: string): Promise<MeasuredBook> {
  try {
    return parseMeasuredBook(await readFile(path, 'utf8'));
  } catch {
    return new Map();
  }
}
