import type { Column, Tensor, Tensorflow } from '../start/tensorflow.js';

/** So many are summed in float32, the rest in float64: sums of more lose digits. */
const WIDTH = 64;

/** Sums of consecutive parts of each column: `[column][part]`. */
export function partialSums(tf: Tensorflow, columns: readonly Column[]): Tensor {
  const parts = columns.map((column) => {
    const count = column.shape[0];
    const padded = tf.pad(column, [[0, (WIDTH - (count % WIDTH)) % WIDTH]]);
    return tf.sum(tf.reshape(padded, [-1, WIDTH]), 1);
  });
  return tf.stack(parts);
}

/** The sum of each column in float64. Disposes the parts. */
export async function totalsOf(parts: Tensor): Promise<readonly number[]> {
  const values = await parts.data();
  const [columns, width] = parts.shape;
  parts.dispose();
  return Array.from({ length: columns }, (_, c) => {
    let sum = 0;
    for (let n = c * width; n < (c + 1) * width; n++) sum += values[n];
    return sum;
  });
}

/** Adds to sums, which are 0 as long as there are none. */
export const added = (sums: readonly number[], more: readonly number[]): readonly number[] =>
  more.map((value, n) => value + (sums[n] ?? 0));
