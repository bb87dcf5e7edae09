import { locateAll } from '@voxhost/sdk';
import type { Tensorflow } from '../start/tensorflow.js';
import type { Place } from './place.js';
import type { Chunk } from './plan-chunks.js';
import { split } from './split.js';

/** Indices up to here have neighbours in float32, whole numbers apart, and a fraction that adds nothing to them. */
const FARTHEST = 2 ** 20;

/**
 * Where the samples of a chunk lie, a place per axis: the map is evaluated in float64, as the contract asks, since
 * TensorFlow.js has no float beyond 32 bits; whole parts and fractions then go in columns of their own.
 *
 * @param periods - per axis, after how many voxels what a boundary sets beside the image comes again
 */
export function locate(
  tf: Tensorflow,
  { map, samples }: Chunk,
  periods: readonly number[],
): readonly Place[] {
  return placesOf(tf, locateAll(map, samples, periods.length), periods);
}

/** The same of positions that are known, x y z of each. */
export function placesOf(
  tf: Tensorflow,
  positions: Float64Array,
  periods: readonly number[],
): readonly Place[] {
  const dims = periods.length;
  return periods.map((period, axis) => {
    const at = (n: number): number => nearby(positions[n * dims + axis], period);
    const { cell, frac } = split(positions.length / dims, at);
    return { cell: tf.tensor1d(cell), frac: tf.tensor1d(frac) };
  });
}

/** A position that float32 would lose is brought near by whole periods, on the same side of the image. */
const nearby = (x: number, period: number): number =>
  Math.abs(x) < FARTHEST || !Number.isFinite(x) ? x : (x % period) + Math.sign(x) * period;
