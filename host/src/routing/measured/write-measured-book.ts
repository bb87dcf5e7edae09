import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatMeasuredBook, type MeasuredBook } from './measured-book.js';

/** Whole or not at all; not flushed to the disk, since nothing but an explanation is lost with it. */
export async function writeMeasuredBook(path: string, book: MeasuredBook): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, formatMeasuredBook(book));
    await rename(part, path);
  } catch {
    // A state folder that cannot be written is no reason for a call to fail.
    await rm(part, { force: true }).catch(() => undefined);
  }
}
