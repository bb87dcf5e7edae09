import { faultIn } from '../bad-file.js';
import type { ItkRecord } from './itk-codec.js';

/** Numbers that a matrix of the file may have: a transform of matrices has 12 and 4. */
const LARGEST = 1 << 24;

/** Does the file begin as a MATLAB level 4 matrix of doubles or floats, as ITK and ANTs write .mat? */
export function isMatlab(bytes: Uint8Array): boolean {
  if (bytes.length < 20) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [type, , , imaginary, name] = [0, 4, 8, 12, 16].map((at) => view.getInt32(at, true));
  return (type === 0 || type === 10) && imaginary === 0 && name > 1 && name < 200;
}

/**
 * Reads ITK's MATLAB form, in which ANTs keeps its matrices: one matrix named after the class with the
 * parameters, one named `fixed`, in turns. Little-endian. Throws its fault.
 */
export function parseMatlab(bytes: Uint8Array): ItkRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: { type: string; parameters: number[]; fixed: number[] }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { name, values, next } = matrixAt(bytes, view, at);
    const last = records.at(-1);
    if (name === 'fixed' && last !== undefined) last.fixed = values;
    else records.push({ type: name, parameters: values, fixed: [] });
    at = next;
  }
  return records;
}

/** Header: type (0 doubles, 10 floats), rows, columns, imaginary, length of the name with its 0. */
function matrixAt(
  bytes: Uint8Array,
  view: DataView,
  at: number,
): { name: string; values: number[]; next: number } {
  if (at + 20 > bytes.length || !isMatlab(bytes.subarray(at))) {
    throw faultIn('matrix', `at byte ${at} is none of MATLAB level 4`);
  }
  const [type, rows, columns, , length] = [0, 4, 8, 12, 16].map((n) => view.getInt32(at + n, true));
  const count = rows * columns;
  const width = type === 10 ? 4 : 8;
  const start = at + 20 + length;
  const next = start + count * width;
  if (rows < 0 || columns < 0 || count > LARGEST || next > bytes.length) {
    throw faultIn(
      'matrix',
      `at byte ${at} promises ${rows} x ${columns} numbers that are not there`,
    );
  }
  const name = Buffer.from(bytes.subarray(at + 20, start))
    .toString('latin1')
    .replace(/\0.*$/s, '');
  const values = Array.from({ length: count }, (_, i) =>
    width === 4 ? view.getFloat32(start + 4 * i, true) : view.getFloat64(start + 8 * i, true),
  );
  return { name, values, next };
}
