import { readFile } from 'node:fs/promises';
import { type CostBook, parseCostBook } from './cost-book.js';

/** An absent or damaged book is an empty one: routing then uses the manifests' figures. */
export async function readCostBook(path: string): Promise<CostBook> {
  try {
    return parseCostBook(await readFile(path, 'utf8'));
  } catch {
    return {};
  }
}
