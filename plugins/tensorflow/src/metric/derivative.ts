import { type AffineMap, accumulate, type FieldMap, outputIndices } from '@voxhost/sdk';
import type { Chunk } from '../sampling/plan-chunks.js';
import type { Column, Tensorflow } from '../start/tensorflow.js';
import { partialSums, totalsOf } from './partial-sums.js';

/**
 * Adds what each sample's cotangent, the derivative of the loss by its position, says of the map's parameters.
 *
 * @param cotangents - called inside `tf.tidy`, one column per axis
 */
export async function addDerivative(
  tf: Tensorflow,
  chunk: Chunk,
  cotangents: () => readonly Column[],
  { dims, into }: { readonly dims: number; readonly into: Float64Array },
): Promise<void> {
  const { map, samples } = chunk;
  if (map.kind === 'affine' && !('points' in samples)) {
    const sums = tf.tidy(() => partialSums(tf, affineTerms(tf, chunk, cotangents())));
    for (const [n, sum] of (await totalsOf(sums)).entries()) into[n] += sum;
    return;
  }
  const rows = tf.tidy(() => tf.stack([...cotangents()], 1));
  const values = await rows.data();
  rows.dispose();
  if (map.kind === 'points') into.set(values, chunk.first * dims);
  else if (map.kind !== 'sequence') addSamples(map, { chunk, dims, values }, into);
}

/** Row r of the matrix: cotangent_r times each index, then cotangent_r itself. */
function affineTerms(tf: Tensorflow, { samples }: Chunk, cotangents: readonly Column[]): Column[] {
  if ('points' in samples) return [];
  const { size, start = size.map(() => 0) } = samples;
  const dims = size.length;
  const indices = size.map((n, axis): Column => {
    const shape = Array<number>(dims).fill(1);
    shape[dims - 1 - axis] = n;
    const line = tf.reshape(tf.range(start[axis], start[axis] + n, 1, 'float32'), shape);
    return tf.reshape(tf.broadcastTo(line, [...size].reverse()), [-1]);
  });
  return cotangents.flatMap((cotangent) => [
    ...indices.map((index): Column => tf.mul(cotangent, index)),
    cotangent,
  ]);
}

/** In float64, sample by sample. */
function addSamples(
  map: AffineMap | FieldMap,
  { chunk, dims, values }: { chunk: Chunk; dims: number; values: ArrayLike<number> },
  into: Float64Array,
): void {
  const points = outputIndices(chunk.samples, dims);
  const cotangent = new Float64Array(dims);
  for (let n = 0; n < chunk.count; n++) {
    let any = false;
    for (let a = 0; a < dims; a++) {
      cotangent[a] = values[n * dims + a];
      any ||= cotangent[a] !== 0;
    }
    if (any) accumulate(map, points.subarray(n * dims, (n + 1) * dims), cotangent, into);
  }
}
