import type { BoundaryKind } from '@voxhost/sdk';
import type { Column, Tensorflow } from '../start/tensorflow.js';
import {
  choose,
  isAtMost,
  isWithin,
  isWithinBuffer,
  modulo,
  type Place,
  reversed,
} from './place.js';

/** Where a boundary sends positions, and which are not on the image at all. */
export interface Settled {
  readonly place: Place;
  /** Absent where every position is. */
  readonly inside?: Column;
}

/**
 * Brings positions along an axis of `n` to where taps are sought, as `sdk/reference/place.ts` does. One that is to be
 * rounded is folded itself, so that ties fall as SciPy's; others meet the same values at the folded taps.
 */
export function settle(
  tf: Tensorflow,
  place: Place,
  { n, boundary, rounds }: { n: number; boundary: BoundaryKind; rounds: boolean },
): Settled {
  switch (boundary) {
    case 'constant':
      return { place, inside: isWithin(tf, place, n) };
    case 'buffer':
      return { place, inside: isWithinBuffer(tf, place, n) };
    case 'wrap':
      return { place: unlessWithin(tf, place, n, wrapped) };
    case 'reflect':
      return { place: rounds ? unlessWithin(tf, place, n, reflected) : place };
    case 'mirror':
      return { place: rounds ? unlessWithin(tf, place, n, mirrored) : place };
    case 'grid-wrap':
      return { place: rounds ? unlessWithin(tf, place, n, periodic) : place };
    case 'nearest':
    case 'grid-constant':
      return { place };
    default:
      return boundary satisfies never;
  }
}

type Fold = (tf: Tensorflow, place: Place, n: number) => Place;

const unlessWithin = (tf: Tensorflow, place: Place, n: number, fold: Fold): Place =>
  choose(tf, isWithin(tf, place, n), [place, fold(tf, place, n)]);

const periodic: Fold = (tf, { cell, frac }, n) => ({ cell: modulo(tf, cell, n), frac });

/** SciPy's `wrap`, period n - 1: what lies whole periods below the first sample comes to the last. */
const wrapped: Fold = (tf, { cell, frac }, n) => {
  if (n === 1) return { cell: tf.zerosLike(cell), frac: tf.zerosLike(frac) };
  const rest = modulo(tf, cell, n - 1);
  const isFirst = tf.logicalAnd(tf.equal(rest, 0), tf.equal(frac, 0));
  const isLast = tf.logicalAnd(tf.less(cell, 0), isFirst);
  return { cell: tf.where(isLast, tf.fill(rest.shape, n - 1), rest), frac };
};

/** Period 2n, from -1/2 to below n - 1/2 forwards and then backwards. */
const reflected: Fold = (tf, { cell, frac }, n) => {
  const rest = modulo(tf, cell, 2 * n);
  const isHead = tf.logicalAnd(tf.equal(rest, 2 * n - 1), tf.greaterEqual(frac, 0.5));
  const place = { cell: tf.where(isHead, tf.fill(rest.shape, -1), rest), frac };
  const stays = isAtMost(tf, place, { cell: n - 1, frac: 0.5 });
  return choose(tf, stays, [place, reversed(tf, place, 2 * n - 1)]);
};

/** Period 2n - 2. What comes from above to between n - 1 and n stays there, so that its tie rounds up and then folds. */
const mirrored: Fold = (tf, place, n) => {
  if (n === 1) return { cell: tf.zerosLike(place.cell), frac: tf.zerosLike(place.frac) };
  const isBelow = tf.less(place.cell, 0);
  const { cell, frac } = choose(tf, isBelow, [reversed(tf, place, 0), place]);
  const rest = { cell: modulo(tf, cell, 2 * n - 2), frac };
  const stays = tf.where(
    isBelow,
    isAtMost(tf, rest, { cell: n - 1, frac: 0 }),
    tf.less(rest.cell, n),
  );
  return choose(tf, stays, [rest, reversed(tf, rest, 2 * n - 2)]);
};
