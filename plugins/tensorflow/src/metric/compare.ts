import { METRIC_BOUNDARY, type Metric } from '@voxhost/sdk';
import { periodOf } from '../sampling/fold.js';
import { interpolate, isOwn, type OwnInterpolator } from '../sampling/interpolate.js';
import { locate, placesOf } from '../sampling/locate.js';
import type { Place } from '../sampling/place.js';
import type { Chunk } from '../sampling/plan-chunks.js';
import type { ResidentImage } from '../sampling/resident-image.js';
import type { Column, Tensorflow } from '../start/tensorflow.js';
import type { ResidentPair } from './resident-pair.js';

/** What is compared, and by what. */
export interface Subject {
  readonly tf: Tensorflow;
  readonly pair: ResidentPair;
  readonly operation: Metric;
}

/** Both images at the samples of a chunk. Values are shifted, and 0 where a sample does not count. */
export interface Comparison {
  /** 1 where a sample counts. */
  readonly valid: Column;
  readonly fixed: readonly Column[];
  readonly moving: readonly Column[];
  /** (m - f) of the values as they are. */
  readonly differences: readonly Column[];
  /** Derivatives of the moving values by position: `[axis][channel]`; empty unless wanted. */
  readonly gradients: readonly (readonly Column[])[];
}

/** A sample counts inside both masks and both buffers, where all its values are finite. */
export function compare(
  { tf, pair, operation }: Subject,
  chunk: Chunk,
  gradient: boolean,
): Comparison {
  const places = locate(tf, chunk, bufferPeriods(pair.moving.size));
  const [moving, ...gradients] = read(tf, pair.moving, places, {
    interpolator: operation.movingInterpolator,
    gradient,
  });
  const fixed = readFixed(tf, pair.fixed, operation, chunk);
  const marks = [
    ...[...fixed, ...moving].map((column): Column => tf.isFinite(column)),
    ...insideMasks(tf, pair, chunk, places),
  ];
  const isValid = marks.reduce((both, one) => tf.logicalAnd(both, one));
  const kept = (column: Column): Column => tf.where(isValid, column, tf.zerosLike(column));
  const shifted = (columns: readonly Column[], by: 'fixed' | 'moving'): readonly Column[] =>
    columns.map((column, c) => kept(tf.sub(column, pair.shifts[c][by])));
  return {
    valid: tf.cast(isValid, 'float32'),
    fixed: shifted(fixed, 'fixed'),
    moving: shifted(moving, 'moving'),
    differences: moving.map((column, c) => kept(tf.sub(column, fixed[c]))),
    gradients: gradients.map((row) => row.map(kept)),
  };
}

function read(
  tf: Tensorflow,
  image: ResidentImage,
  places: readonly Place[],
  how: { readonly interpolator: Metric['movingInterpolator']; readonly gradient: boolean },
): readonly (readonly Column[])[] {
  const interpolator = own(how.interpolator);
  return interpolate(tf, image, places, { ...how, interpolator, boundary: METRIC_BOUNDARY });
}

/** `supports` has asked. */
const own = (interpolator: Metric['movingInterpolator']): OwnInterpolator =>
  isOwn(interpolator) ? interpolator : 'linear';

/** On the grid the voxels themselves. */
function readFixed(
  tf: Tensorflow,
  image: ResidentImage,
  { fixedInterpolator }: Metric,
  chunk: Chunk,
): readonly Column[] {
  if (!isOnPoints(chunk)) {
    return image.planes.map((plane) => tf.slice(plane, [chunk.first], [chunk.count]));
  }
  const places = pointPlaces(tf, chunk, image);
  return read(tf, image, places, { interpolator: fixedInterpolator, gradient: false })[0];
}

type PointChunk = Chunk & { readonly samples: { readonly points: Float64Array } };
const isOnPoints = (chunk: Chunk): chunk is PointChunk => 'points' in chunk.samples;

/** Given points of an image. */
const pointPlaces = (
  tf: Tensorflow,
  { samples }: PointChunk,
  { size }: ResidentImage,
): readonly Place[] => placesOf(tf, samples.points, bufferPeriods(size));

const bufferPeriods = (size: readonly number[]): readonly number[] =>
  size.map((n) => periodOf(METRIC_BOUNDARY.kind, n));

/** Non-zero at the nearest voxel, ties up; false beyond the mask. */
function insideMasks(
  tf: Tensorflow,
  { fixedMask, movingMask, fixed }: ResidentPair,
  chunk: Chunk,
  places: readonly Place[],
): readonly Column[] {
  const lookUp = (mask: ResidentImage, at: readonly Place[]): Column =>
    tf.greater(read(tf, mask, at, { interpolator: 'nearest', gradient: false })[0][0], 0);
  const marks: Column[] = [];
  if (movingMask !== undefined) marks.push(lookUp(movingMask, places));
  if (fixedMask !== undefined) {
    const at = isOnPoints(chunk)
      ? lookUp(fixedMask, pointPlaces(tf, chunk, fixed))
      : tf.greater(tf.slice(fixedMask.planes[0], [chunk.first], [chunk.count]), 0);
    marks.push(at);
  }
  return marks;
}
