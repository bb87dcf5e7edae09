import type { Column, Tensorflow } from '../start/tensorflow.js';
import type { Place } from './place.js';

/** The samples of one axis that values depend on, and how they make one value. */
export interface Taps {
  /** Whole numbers, which may lie outside the samples. */
  readonly indices: readonly Column[];
  /** Of the samples' values; one that weighs nothing has no say, even where it is not finite. */
  blend(values: readonly Column[]): Column;
  /** Derivative of that by the position. */
  slope(values: readonly Column[]): Column;
}

/** How the samples of an axis of `n` are weighed. */
export type Kernel = (tf: Tensorflow, place: Place, n: number) => Taps;

/** Ties go up. */
export const nearest: Kernel = (tf, place) => chosen(tf, place, tf.greaterEqual(place.frac, 0.5));

/** Ties go to the even index. */
export const nearestEven: Kernel = (tf, place) => {
  const { cell, frac } = place;
  const isOdd = tf.notEqual(tf.mul(tf.floor(tf.div(cell, 2)), 2), cell);
  const isTie = tf.logicalAnd(tf.equal(frac, 0.5), isOdd);
  return chosen(tf, place, tf.logicalOr(tf.greater(frac, 0.5), isTie));
};

const chosen = (tf: Tensorflow, { cell }: Place, isUp: Column): Taps => ({
  indices: [tf.add(cell, tf.cast(isUp, 'float32'))],
  blend: ([value]) => value,
  slope: ([value]) => tf.zerosLike(value),
});

/** a + (b - a) t, so that equal samples give just their value, and whole positions just their sample. */
export const linear: Kernel = (tf, place, n) => {
  const { cell, frac } = closed(tf, place, n);
  const [isLow, isHigh] = [tf.equal(frac, 0), tf.equal(frac, 1)];
  return {
    indices: [cell, tf.add(cell, 1)],
    blend: ([a, b]) =>
      tf.where(isLow, a, tf.where(isHigh, b, tf.add(a, tf.mul(tf.sub(b, a), frac)))),
    slope: ([a, b]) => tf.sub(b, a),
  };
};

/** The last cell is closed: its end belongs to it and not to what is beyond. */
function closed(tf: Tensorflow, place: Place, n: number): Place {
  if (n === 1) return place;
  const isEnd = tf.logicalAnd(tf.equal(place.cell, n - 1), tf.equal(place.frac, 0));
  return {
    cell: tf.sub(place.cell, tf.cast(isEnd, 'float32')),
    frac: tf.where(isEnd, tf.onesLike(place.frac), place.frac),
  };
}
