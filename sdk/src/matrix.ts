/**
 * Small dense matrices, row-major. An affine is D × (D+1): it takes `[x; 1]` to D numbers.
 * Sums run over the columns in order, so that equal arguments give equal bits everywhere.
 */

/** Number of dimensions of an affine of this many numbers, or undefined when it is none. */
export function affineDimensions(length: number): 2 | 3 | undefined {
  if (length === 6) return 2;
  return length === 12 ? 3 : undefined;
}

/** `matrix · [point; 1]` into `into`, which must not be `point`. */
export function applyAffine(
  matrix: Float64Array,
  point: ArrayLike<number>,
  into: Float64Array,
): void {
  const dims = into.length;
  for (let r = 0; r < dims; r++) {
    const row = r * (dims + 1);
    let sum = 0;
    for (let c = 0; c < dims; c++) sum += matrix[row + c] * point[c];
    into[r] = sum + matrix[row + dims];
  }
}

/** The affine that applies `inner`, then `outer`. */
export function multiplyAffine(
  outer: Float64Array,
  inner: Float64Array,
  dims: number,
): Float64Array {
  const product = new Float64Array(dims * (dims + 1));
  for (let r = 0; r < dims; r++) {
    for (let c = 0; c <= dims; c++) {
      let sum = 0;
      for (let k = 0; k < dims; k++) sum += outer[r * (dims + 1) + k] * inner[k * (dims + 1) + c];
      product[r * (dims + 1) + c] = c === dims ? sum + outer[r * (dims + 1) + dims] : sum;
    }
  }
  return product;
}

/** The D × D linear part of an affine. */
export function linearPart(matrix: Float64Array, dims: number): Float64Array {
  const linear = new Float64Array(dims * dims);
  for (let i = 0; i < linear.length; i++) {
    linear[i] = matrix[Math.floor(i / dims) * (dims + 1) + (i % dims)];
  }
  return linear;
}

/** Product of two D × D matrices. */
export function multiplySquare(a: Float64Array, b: Float64Array, dims: number): Float64Array {
  const product = new Float64Array(dims * dims);
  for (let r = 0; r < dims; r++) {
    for (let c = 0; c < dims; c++) {
      let sum = 0;
      for (let k = 0; k < dims; k++) sum += a[r * dims + k] * b[k * dims + c];
      product[r * dims + c] = sum;
    }
  }
  return product;
}

/** `matrixᵀ · vector` of a D × D matrix into `into`, which must not be `vector`. */
export function applyTransposed(
  matrix: Float64Array,
  vector: ArrayLike<number>,
  into: Float64Array,
): void {
  const dims = into.length;
  for (let c = 0; c < dims; c++) {
    let sum = 0;
    for (let r = 0; r < dims; r++) sum += matrix[r * dims + c] * vector[r];
    into[c] = sum;
  }
}

/** Determinant of a D × D matrix, D 2 or 3. */
export function determinant(m: ArrayLike<number>, dims: number): number {
  if (dims === 2) return m[0] * m[3] - m[1] * m[2];
  return (
    m[0] * (m[4] * m[8] - m[5] * m[7]) -
    m[1] * (m[3] * m[8] - m[5] * m[6]) +
    m[2] * (m[3] * m[7] - m[4] * m[6])
  );
}

/**
 * |det| over the product of the row lengths, at most 1 (Hadamard). Rounding alone leaves about 1e-16 of a
 * singular matrix, so below this nothing of an inverse would be right.
 */
const SMALLEST_RATIO = 1e-14;

/** A determinant below the normal numbers has lost digits, and no inverse would be right either. */
const SMALLEST_NORMAL = 2 ** -1022;

/** Inverse of a D × D matrix, or undefined when it is singular. */
export function invertSquare(m: Float64Array, dims: number): Float64Array | undefined {
  const det = determinant(m, dims);
  let bound = 1;
  for (let r = 0; r < dims; r++) bound *= Math.hypot(...m.subarray(r * dims, (r + 1) * dims));
  if (!(Math.abs(det) > Math.max(SMALLEST_RATIO * bound, SMALLEST_NORMAL))) return undefined;
  if (!Number.isFinite(det)) return undefined;
  if (dims === 2) return Float64Array.of(m[3] / det, -m[1] / det, -m[2] / det, m[0] / det);
  const inverse = new Float64Array(9);
  for (let i = 0; i < 9; i++) inverse[i] = cofactor(m, i % 3, Math.floor(i / 3)) / det;
  return inverse;
}

/** Cofactor of a 3 × 3 matrix, by cyclic indices, which carry the sign. */
function cofactor(m: Float64Array, row: number, column: number): number {
  const [r1, r2] = [(row + 1) % 3, (row + 2) % 3];
  const [c1, c2] = [(column + 1) % 3, (column + 2) % 3];
  return m[r1 * 3 + c1] * m[r2 * 3 + c2] - m[r1 * 3 + c2] * m[r2 * 3 + c1];
}
