import type { Extension } from '@voxhost/sdk';
import type { Column, Tensor, Tensorflow } from '../start/tensorflow.js';
import { foldIndex, isSample } from './fold.js';
import type { Taps } from './taps.js';

/** Samples on a grid, resident. */
export interface Samples {
  /** Flat planes, x fastest, one per channel. */
  readonly planes: readonly Tensor[];
  readonly size: readonly number[];
  readonly extension: Extension;
  /** What stands where `extension` has none. */
  readonly fill: number;
}

/** A sample that is looked up, one number per axis so far. */
interface Corner {
  readonly flat: Column;
  /** Absent while every one is there. */
  readonly present?: Column;
}

/** Each plane's values, and with `gradient` its derivatives along x, then y, then z: `[0][plane]`, `[1 + axis][plane]`. */
export function weigh(
  tf: Tensorflow,
  samples: Samples,
  taps: readonly Taps[],
  gradient: boolean,
): readonly (readonly Column[])[] {
  const corners = taps.map((each, axis) =>
    each.indices.map((index) => cornerOf(tf, samples, axis, index)),
  );
  /** Reduces the axes from x to `axis`, for one sample of each axis after it. */
  const reduce = (plane: Tensor, axis: number, at: Corner | undefined): readonly Column[] => {
    if (axis < 0) return at === undefined ? [] : [lookUp(tf, plane, at, samples.fill)];
    const along = corners[axis].map((corner) => reduce(plane, axis - 1, joined(tf, corner, at)));
    const { blend, slope } = taps[axis];
    const blended = along[0].map((_, factor) => blend(along.map((each) => each[factor])));
    return gradient ? [...blended, slope(along.map(([value]) => value))] : blended;
  };
  const all = samples.planes.map((plane) => reduce(plane, taps.length - 1, undefined));
  return all[0].map((_, factor) => all.map((columns) => columns[factor]));
}

/** In whole numbers: float32 has none beyond 2^24. */
function cornerOf(
  tf: Tensorflow,
  { size, extension }: Samples,
  axis: number,
  index: Column,
): Corner {
  const stride = size.slice(0, axis).reduce((product, n) => product * n, 1);
  const folded = tf.cast(foldIndex(tf, index, size[axis], extension), 'int32');
  const flat = tf.mul(folded, tf.scalar(stride, 'int32'));
  return extension === 'fill' ? { flat, present: isSample(tf, index, size[axis]) } : { flat };
}

function joined(tf: Tensorflow, one: Corner, other: Corner | undefined): Corner {
  if (other === undefined) return one;
  const flat = tf.add(one.flat, other.flat);
  if (one.present === undefined || other.present === undefined) return { flat };
  return { flat, present: tf.logicalAnd(one.present, other.present) };
}

function lookUp(tf: Tensorflow, plane: Tensor, { flat, present }: Corner, fill: number): Column {
  const found = tf.gather(plane, flat);
  return present === undefined ? found : tf.where(present, found, tf.fill(found.shape, fill));
}
