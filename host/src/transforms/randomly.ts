import type { RandomStream } from '../lazy/random-stream.js';
import type { Drawn, Params, RandomTransform } from '../lazy/transform.js';
import type { Viewport } from '../lazy/viewport.js';

/**
 * A random transform: with probability `prob` what `draw` draws, else nothing (no identity is left pending,
 * no voxel touched). The decision is drawn first, so that it takes one number whatever follows.
 */
export function randomly(
  name: string,
  params: Params,
  prob: number,
  draw: (random: RandomStream, viewport: Viewport) => Drawn,
): RandomTransform {
  return Object.freeze({
    kind: 'random',
    name,
    params,
    countsVoxels: false,
    draw: (random: RandomStream, viewport: Viewport) =>
      random.uniform(0, 1) < prob ? draw(random, viewport) : () => [],
  });
}

/** The same where what is drawn counts voxels: entries of different sizes cannot share it. */
export const randomlyByVoxels = (
  name: string,
  params: Params,
  prob: number,
  draw: (random: RandomStream, viewport: Viewport) => Drawn,
): RandomTransform => Object.freeze({ ...randomly(name, params, prob, draw), countsVoxels: true });

/** A range as MONAI writes it: one number for both signs, or low and high. */
export type Range = number | readonly [number, number];

export const boundsOf = (range: Range | undefined): readonly [number, number] =>
  typeof range === 'number' ? [-Math.abs(range), Math.abs(range)] : (range ?? [0, 0]);

export const within = (random: RandomStream, range: Range | undefined): number =>
  random.uniform(...boundsOf(range));

/** One number of each range; ranges of a list may differ. */
export const withinEach = (
  random: RandomStream,
  ranges: Range | readonly Range[] | null | undefined,
): readonly number[] => {
  if (ranges == null) return [];
  return (typeof ranges === 'number' ? [ranges] : ranges).map((range) => within(random, range));
};

/** The modes of one entry where it has its own, else those of all. */
export const modesOf = (own: Params, all: Params): Params =>
  Object.fromEntries(
    ['mode', 'padding_mode', 'align_corners', 'dtype'].flatMap((name) => {
      const value = own[name] ?? all[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
