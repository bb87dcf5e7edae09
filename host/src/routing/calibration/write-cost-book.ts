import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '../../io/atomic-file.js';
import { type CostBook, formatCostBook } from './cost-book.js';

/** Whole or not at all. Rejects with `CANNOT_WRITE`, or as making its folder does. */
export async function writeCostBook(path: string, book: CostBook): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const text = formatCostBook(book);
  await writeAtomically([{ path, write: (handle) => handle.writeFile(text) }]);
}
