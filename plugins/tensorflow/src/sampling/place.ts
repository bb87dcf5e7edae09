import type { Column, Tensorflow } from '../start/tensorflow.js';

/** Positions along one axis, `cell + frac`: whole numbers, and from 0 to 1 or NaN. */
export interface Place {
  readonly cell: Column;
  readonly frac: Column;
}

/** `total - place`. */
export function reversed(tf: Tensorflow, { cell, frac }: Place, total: number): Place {
  const hasRest = tf.cast(tf.greater(frac, 0), 'float32');
  return {
    cell: tf.sub(tf.sub(total, cell), hasRest),
    frac: tf.mul(tf.sub(1, frac), hasRest),
  };
}

/** The cell taken to 0 .. period - 1 by whole periods. Exact: both are whole numbers below 2^23. */
export const modulo = (tf: Tensorflow, cell: Column, period: number): Column =>
  tf.sub(cell, tf.mul(tf.floor(tf.div(cell, period)), period));

/** Where `choose` is true the one, else the other. */
export const choose = (
  tf: Tensorflow,
  condition: Column,
  [yes, no]: readonly [Place, Place],
): Place => ({
  cell: tf.where(condition, yes.cell, no.cell),
  frac: tf.where(condition, yes.frac, no.frac),
});

/** Is the place at most `cell + frac`? */
export const isAtMost = (
  tf: Tensorflow,
  place: Place,
  limit: { readonly cell: number; readonly frac: number },
): Column =>
  tf.logicalOr(
    tf.less(place.cell, limit.cell),
    tf.logicalAnd(tf.equal(place.cell, limit.cell), tf.lessEqual(place.frac, limit.frac)),
  );

/** From the first sample to the last of an axis of `n`. */
export const isWithin = (tf: Tensorflow, place: Place, n: number): Column =>
  tf.logicalAnd(tf.greaterEqual(place.cell, 0), isAtMost(tf, place, { cell: n - 1, frac: 0 }));

/** Where the half voxel at either end belongs to the buffer, the far end open. */
export const isWithinBuffer = (tf: Tensorflow, place: Place, n: number): Column =>
  tf.logicalAnd(tf.logicalNot(isBelowHalf(tf, place, -1)), isBelowHalf(tf, place, n - 1));

/** Below `cell + 1/2`. */
const isBelowHalf = (tf: Tensorflow, place: Place, cell: number): Column =>
  tf.logicalOr(
    tf.less(place.cell, cell),
    tf.logicalAnd(tf.equal(place.cell, cell), tf.less(place.frac, 0.5)),
  );
