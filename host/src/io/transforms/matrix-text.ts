import { linear } from '../../geometry/make-transform.js';
import type { LinearTransform } from '../../geometry/transform.js';
import { faultIn } from '../bad-file.js';
import { toNumber, words } from '../text-header.js';
import { checked } from './checked.js';

/**
 * Reads a homogeneous matrix, 4 × 4 or 3 × 3 numbers with last row 0 … 0 1. It takes output points to input
 * points in LPS millimetres, unless a comment says otherwise: `# RAS` (ANTs' and ITK's matrices are LPS). A
 * comment that names FSL is refused: its matrices depend on two images. Throws its fault.
 */
export function parseMatrixText(text: string): LinearTransform {
  const lines = text.split('\n').map((line) => line.trim());
  const comments = lines.filter((line) => line.startsWith('#')).join(' ');
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#')).map(words);
  const side = rows.length;
  if ((side !== 3 && side !== 4) || rows.some((row) => row.length !== side)) {
    throw faultIn('file', 'is no transform: neither ITK, elastix nor a 3 × 3 or 4 × 4 matrix');
  }
  const matrix = rows.map((row) => row.map(toNumber));
  if (matrix.flat().some((v) => !Number.isFinite(v)))
    throw faultIn('matrix', 'has no number somewhere');
  if (matrix[side - 1].some((v, c) => v !== (c === side - 1 ? 1 : 0))) {
    throw faultIn('matrix', `has [${matrix[side - 1]}] for its last row, not zeros and a 1`);
  }
  assertNotFsl(comments);
  return fromRows(matrix.slice(0, -1), /\bRAS\b/.test(comments));
}

function assertNotFsl(comments: string): void {
  if (!/\b(fsl|flirt)\b/i.test(comments)) return;
  const remedy = 'convert it with c3d_affine_tool -fsl2ras -oitk';
  throw faultIn('matrix', 'is in FSL coordinates, which depend on both images', remedy);
}

function fromRows(rows: readonly (readonly number[])[], ras: boolean): LinearTransform {
  const dims = rows.length;
  const sign = (axis: number) => (ras && axis < 2 ? -1 : 1);
  const matrix = rows.flatMap((row, r) => row.slice(0, dims).map((v, c) => v * sign(r) * sign(c)));
  const offset = rows.map((row, r) => row[dims] * sign(r));
  return checked(() => linear('affine', dims, [...matrix, ...offset]));
}
