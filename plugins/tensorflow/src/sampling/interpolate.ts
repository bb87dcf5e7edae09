import { type Boundary, extensionOf, fillValue, type Interpolator } from '@voxhost/sdk';
import type { Column, Tensorflow } from '../start/tensorflow.js';
import type { Place } from './place.js';
import type { ResidentImage } from './resident-image.js';
import { settle } from './settle.js';
import { type Kernel, linear, nearest, nearestEven } from './taps.js';
import { weigh } from './weigh.js';

/** What this plugin interpolates with. */
export const KERNELS = {
  nearest,
  'nearest-even': nearestEven,
  linear,
} as const satisfies { readonly [I in Interpolator]?: Kernel };

export type OwnInterpolator = keyof typeof KERNELS;

export const isOwn = (interpolator: Interpolator): interpolator is OwnInterpolator =>
  Object.hasOwn(KERNELS, interpolator);

export interface Interpolation {
  readonly interpolator: OwnInterpolator;
  readonly boundary: Boundary;
  /** Also the derivatives by the position. */
  readonly gradient: boolean;
}

/** Values of an image at places, one per axis: `[0][channel]`, and the derivatives `[1 + axis][channel]`. */
export function interpolate(
  tf: Tensorflow,
  image: ResidentImage,
  places: readonly Place[],
  { interpolator, boundary, gradient }: Interpolation,
): readonly (readonly Column[])[] {
  const kernel: Kernel = KERNELS[interpolator];
  const rounds = interpolator !== 'linear';
  const settled = places.map((place, axis) =>
    settle(tf, finite(tf, place), { n: image.size[axis], boundary: boundary.kind, rounds }),
  );
  const taps = settled.map(({ place }, axis) => kernel(tf, place, image.size[axis]));
  const samples = {
    ...image,
    extension: extensionOf(boundary.kind, false),
    fill: fillValue(boundary),
  };
  const all = weigh(tf, samples, taps, gradient);
  const isMapped = places
    .map(({ frac }) => tf.isFinite(frac))
    .reduce((both, one) => tf.logicalAnd(both, one));
  const inside = settled.reduce(
    (both, each) => (each.inside === undefined ? both : tf.logicalAnd(both, each.inside)),
    isMapped,
  );
  const [beyond, flat] = 'value' in boundary ? [boundary.value, 0] : [Number.NaN, Number.NaN];
  return all.map((row, factor) =>
    row.map((column) =>
      tf.where(inside, column, tf.fill(column.shape, factor === 0 ? beyond : flat)),
    ),
  );
}

/** A place that is not finite is moved to the first sample, and its value replaced afterwards. */
function finite(tf: Tensorflow, { cell, frac }: Place): Place {
  const isKnown = tf.isFinite(frac);
  return {
    cell: tf.where(isKnown, cell, tf.zerosLike(cell)),
    frac: tf.where(isKnown, frac, tf.zerosLike(frac)),
  };
}
