import { type AffineMap, affineMap, identityMap, then } from '@voxhost/sdk';
import { centreOf } from './viewport.js';

/** x -> x + offset. */
export function translation(offset: readonly number[]): AffineMap {
  const dims = offset.length;
  const matrix = identityMap(dims).matrix.slice();
  for (const [row, value] of offset.entries()) matrix[row * (dims + 1) + dims] = value;
  return affineMap(matrix);
}

/** x -> factors · x + offset, axis by axis. */
export function scaling(factors: readonly number[], offset: readonly number[]): AffineMap {
  const matrix = translation(offset).matrix.slice();
  for (const [row, value] of factors.entries()) matrix[row * (factors.length + 2)] = value;
  return affineMap(matrix);
}

/** The affine of row-major D × D entries. */
export function linearMap(entries: readonly number[], dims: number): AffineMap {
  const matrix = identityMap(dims).matrix.map((_, i) => {
    const column = i % (dims + 1);
    return column === dims ? 0 : entries[Math.floor(i / (dims + 1)) * dims + column];
  });
  return affineMap(matrix);
}

/** Applied first to last, as one matrix. */
export const chain = (first: AffineMap, ...rest: readonly AffineMap[]): AffineMap =>
  rest.reduce((map, next) => then(map, next) as AffineMap, first);

/** `map` about the centres: the middle of the output looks at the middle of the input where `map`(0) = 0. */
export function aboutCentres(
  map: AffineMap,
  input: readonly number[],
  output: readonly number[],
): AffineMap {
  const back = translation(centreOf(output).map((c) => 0 - c));
  return chain(back, map, translation(centreOf(input)));
}

/** in = s (i + 0.5) - 0.5 with s = input / output: outer edges meet. */
export function betweenEdges(input: readonly number[], output: readonly number[]): AffineMap {
  const factors = input.map((n, a) => n / output[a]);
  return scaling(
    factors,
    factors.map((s) => (s - 1) / 2),
  );
}

/** Turn by `angles` (radians) in index space, as MONAI's: 2-D counter-clockwise, 3-D Rx · Ry · Rz. */
export function rotation(angles: readonly number[], dims: number): AffineMap {
  if (dims === 2) {
    const [c, s] = [Math.cos(angles[0] ?? 0), Math.sin(angles[0] ?? 0)];
    return linearMap([c, -s, s, c], 2);
  }
  const [[cx, sx], [cy, sy], [cz, sz]] = [0, 1, 2].map((a) => [
    Math.cos(angles[a] ?? 0),
    Math.sin(angles[a] ?? 0),
  ]);
  const x = linearMap([1, 0, 0, 0, cx, -sx, 0, sx, cx], 3);
  const y = linearMap([cy, 0, sy, 0, 1, 0, -sy, 0, cy], 3);
  const z = linearMap([cz, -sz, 0, sz, cz, 0, 0, 0, 1], 3);
  return chain(z, y, x);
}

/** Ones on the diagonal, factors beside it row by row: 2-D (01, 10), 3-D (01, 02, 10, 12, 20, 21). */
export function shearing(factors: readonly number[], dims: number): AffineMap {
  let next = 0;
  const entries = Array.from({ length: dims * dims }, (_, i) =>
    i % (dims + 1) === 0 ? 1 : (factors[next++] ?? 0),
  );
  return linearMap(entries, dims);
}
