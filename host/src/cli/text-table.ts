import { visible } from './one-line.js';

/** Left-aligned columns, two spaces between; the last is not padded. What a plugin says cannot break a line or move the cursor. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const plain = rows.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of plain)
    for (let i = 0; i < row.length - 1; i++)
      widths[i] = Math.max(widths[i] ?? 0, row[i]?.length ?? 0);
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ');
  return plain.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** `1.5 ms`, `12 s`, `3 min`: two digits are enough to choose by. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown time';
  if (ms >= 90_000) return `${(ms / 60_000).toPrecision(2)} min`;
  if (ms >= 1000) return `${roundTo2(ms / 1000)} s`;
  return `${roundTo2(ms)} ms`;
}

const roundTo2 = (value: number): string =>
  value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));

/** `1.5 GB`: decimal units, as disks and the JSON have them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${roundTo2(value)} ${units[unit]}`;
}
