import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dicomSlice } from './dicom-writer.js';

/** The series behind the fixtures of other programs: 10 × 8 voxels, 3 slices, 2 mm apart. */
export const SERIES = { columns: 10, rows: 8, slices: 3, spacing: [0.75, 1.5, 2] } as const;

/** Slice after slice, rescaled. */
export const seriesValues = (): number[] =>
  Array.from({ length: 240 }, (_, i) => ((i * 37) % 1201) - 300);

/** Writes IM0.dcm and on, the last slice first. */
export function writeSeries(folder: string): void {
  const { columns, rows, slices, spacing } = SERIES;
  const count = columns * rows;
  for (let n = 0; n < slices; n++) {
    const values = seriesValues().slice(n * count, (n + 1) * count);
    const bytes = dicomSlice({
      instance: n + 1,
      position: [0, 0, spacing[2] * n],
      orientation: [1, 0, 0, 0, 1, 0],
      spacing: [spacing[1], spacing[0]],
      rows,
      columns,
      pixels: Int16Array.from(values),
    });
    writeFileSync(join(folder, `IM${slices - 1 - n}.dcm`), bytes);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeSeries(process.argv[2] ?? '.');
