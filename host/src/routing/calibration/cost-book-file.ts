import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '../../io/atomic-file.js';
import { type CostBook, formatCostBook, parseCostBook } from './cost-book.js';

/** An absent or damaged book is an empty one: routing then uses the manifests' figures. */
export async function readCostBook(path: string): Promise<CostBook> {
  try {
    return parseCostBook(await readFile(path, 'utf8'));
  } catch {
    return {};
  }
}

/** Whole or not at all. Rejects with `CANNOT_WRITE`, or as making its folder does. */
export async function writeCostBook(path: string, book: CostBook): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically([
    { path, write: async (handle) => void (await handle.writeFile(formatCostBook(book))) },
  ]);
}
