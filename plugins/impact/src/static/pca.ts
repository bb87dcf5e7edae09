import { cells, type Volume } from './volume.js';

/** Principal directions of some channels, the largest first; rows of `channels` numbers. */
export interface Basis {
  readonly components: number;
  readonly channels: number;
  readonly vectors: Float64Array;
}

/**
 * The directions in which a map's channels vary most: eigenvectors of their covariance over all cells.
 * Each has its sign such that its largest entry is positive.
 */
export function principalBasis(volume: Volume, components: number): Basis {
  const { channels } = volume;
  const { values, vectors } = symmetricEigen(covariance(volume), channels);
  const order = Array.from({ length: channels }, (_, k) => k).sort((a, b) => values[b] - values[a]);
  const kept = new Float64Array(components * channels);
  for (let k = 0; k < components; k++) {
    const column = Array.from({ length: channels }, (_, c) => vectors[c * channels + order[k]]);
    const largest = column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    kept.set(largest < 0 ? column.map((v) => -v) : column, k * channels);
  }
  return { components, channels, vectors: kept };
}

/** The map in a basis, each of its channels less its own mean. */
export function project(volume: Volume, { components, channels, vectors }: Basis): Volume {
  const count = cells(volume.size);
  const means = channelMeans(volume);
  const data = new Float32Array(components * count);
  for (let k = 0; k < components; k++) {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) {
        sum += vectors[k * channels + c] * (volume.data[c * count + i] - means[c]);
      }
      data[k * count + i] = sum;
    }
  }
  return { channels: components, size: volume.size, data };
}

function channelMeans({ channels, size, data }: Volume): Float64Array {
  const count = cells(size);
  return Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c * count; i < (c + 1) * count; i++) sum += data[i];
    return sum / count;
  });
}

function covariance(volume: Volume): Float64Array {
  const { channels, size, data } = volume;
  const count = cells(size);
  const means = channelMeans(volume);
  const matrix = new Float64Array(channels * channels);
  for (let a = 0; a < channels; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += (data[a * count + i] - means[a]) * (data[b * count + i] - means[b]);
      }
      const value = sum / Math.max(1, count - 1);
      matrix[a * channels + b] = value;
      matrix[b * channels + a] = value;
    }
  }
  return matrix;
}

/** Off-diagonal weight, relative to the whole, at which the rotations stop. */
const CONVERGED = 1e-28;
const MOST_SWEEPS = 60;

/**
 * Eigenvalues and, as columns, eigenvectors of a symmetric matrix, by cyclic Jacobi rotations
 * (Golub & Van Loan, Matrix Computations, 8.5).
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (offDiagonal(a, n) <= CONVERGED * a.reduce((sum, v) => sum + v * v, 0)) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) if (a[p * n + q] !== 0) rotate(a, vectors, n, [p, q]);
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors };
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n; p++) for (let q = 0; q < n; q++) if (p !== q) sum += a[p * n + q] ** 2;
  return sum;
}

/** Makes a[p][q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, [p, q]: [number, number]): void {
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turn = (m: Float64Array, i: number, j: number): void => {
    const x = m[i];
    const y = m[j];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(vectors, k * n + p, k * n + q);
}
