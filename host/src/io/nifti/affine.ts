import { faultIn } from '../bad-file.js';
import { assertSpacings } from '../volume-header.js';
import type { NiftiFields } from './fields.js';

/** A 3 × 4 row-major index -> RAS matrix, and the field of the header that it comes from. */
export interface NiftiAffine {
  readonly matrix: readonly number[];
  readonly field: string;
}

/**
 * NIfTI's choice as nibabel makes it: the sform when its code is above 0, else the qform, else the pixdim with
 * x running to the left and the volume's centre at 0 (Analyze's convention).
 */
export function bestAffine(fields: NiftiFields, size: readonly number[]): NiftiAffine {
  assertPixdim(fields, size.length);
  if (fields.sformCode > 0) return { matrix: fields.srow, field: 'srow' };
  const used = Math.min(size.length, fields.dim[0]);
  assertSpacings('pixdim', fields.pixdim.slice(1, 1 + used));
  const spacing = [0, 1, 2].map((a) => (a < used ? fields.pixdim[1 + a] : 1));
  if (fields.qformCode > 0) return { matrix: qform(fields, spacing), field: 'quatern' };
  return { matrix: centred(spacing, size), field: 'pixdim' };
}

function assertPixdim({ pixdim }: NiftiFields, dims: number): void {
  for (let a = 1; a <= dims; a++) {
    if (!Number.isFinite(pixdim[a]) || pixdim[a] < 0) {
      throw faultIn(`pixdim[${a}]`, `is ${pixdim[a]}, not a positive distance`);
    }
  }
}

function centred(spacing: readonly number[], size: readonly number[]): number[] {
  const step = [-spacing[0], spacing[1], spacing[2]];
  return [0, 1, 2].flatMap((r) => [
    ...[0, 1, 2].map((c) => (r === c ? step[r] : 0)),
    (-step[r] * ((size[r] ?? 1) - 1)) / 2,
  ]);
}

function qform(fields: NiftiFields, spacing: readonly number[]): number[] {
  const rotation = quaternionToMatrix(fields.quaternion);
  const qfac = fields.pixdim[0] < 0 ? -1 : 1;
  const step = [spacing[0], spacing[1], spacing[2] * qfac];
  return [0, 1, 2].flatMap((r) => [
    ...step.map((s, c) => rotation[3 * r + c] * s),
    fields.qoffset[r],
  ]);
}

/** Excess of b² + c² + d² over 1 that is float32 rounding. */
const QUATERNION_ROUNDING = 1e-6;

/** Rotation of the unit quaternion whose first part is a = √(1 - b² - c² - d²) ≥ 0 (nifti1.h). */
function quaternionToMatrix([b, c, d]: readonly number[]): number[] {
  const rest = 1 - (b * b + c * c + d * d);
  if (!(rest > -QUATERNION_ROUNDING)) throw faultIn('quatern', `[${b},${c},${d}] is no rotation`);
  const norm = rest < 0 ? Math.sqrt(1 - rest) : 1;
  const [x, y, z] = [b / norm, c / norm, d / norm];
  const a = Math.sqrt(Math.max(0, rest));
  return [
    a * a + x * x - y * y - z * z,
    2 * (x * y - a * z),
    2 * (x * z + a * y),
    2 * (x * y + a * z),
    a * a + y * y - x * x - z * z,
    2 * (y * z - a * x),
    2 * (x * z - a * y),
    2 * (y * z + a * x),
    a * a + z * z - x * x - y * y,
  ];
}

/**
 * Quaternion b, c, d (a ≥ 0) of a rotation matrix, row-major; the inverse of the above (nifti1.h,
 * nifti_mat44_to_quatern): divides by the largest of the four parts.
 */
export function matrixToQuaternion(m: readonly number[]): number[] {
  const trace = m[0] + m[4] + m[8];
  const squares = [1 + trace, 1 + 2 * m[0] - trace, 1 + 2 * m[4] - trace, 1 + 2 * m[8] - trace];
  const largest = squares.indexOf(Math.max(...squares));
  const half = 0.5 * Math.sqrt(squares[largest]);
  const k = 0.25 / half;
  const parts = [
    [half, (m[7] - m[5]) * k, (m[2] - m[6]) * k, (m[3] - m[1]) * k],
    [(m[7] - m[5]) * k, half, (m[3] + m[1]) * k, (m[2] + m[6]) * k],
    [(m[2] - m[6]) * k, (m[3] + m[1]) * k, half, (m[7] + m[5]) * k],
    [(m[3] - m[1]) * k, (m[2] + m[6]) * k, (m[7] + m[5]) * k, half],
  ][largest];
  return parts[0] < 0 ? parts.slice(1).map((v) => -v) : parts.slice(1);
}
