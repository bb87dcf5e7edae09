import type { Breathe } from '../../runs/breather.js';
import type { Windows } from './windows.js';

/** One channel of the samples of a run. */
export interface ChannelSamples {
  readonly channel: number;
  readonly fixed: Float64Array;
  /** Where the map says. */
  readonly moving: Float64Array;
  /** 1 where a sample counts; the values of others are 0. */
  readonly valid: Uint8Array;
  /** Neighbourhoods, for a measure that has a radius. */
  readonly windows?: Windows;
}

/** What a measure says of one channel. */
export interface Judgement {
  /** The plain figure: a correlation, an information in nats, an overlap, or mean squares. */
  readonly figure: number;
  /** Derivative of the figure by each moving value; 0 for samples that do not count. */
  readonly slopes: Float64Array;
  /** What else is to be told. */
  readonly more?: { readonly [name: string]: number };
}

/** A metric made ready for its images: the judge of one channel of one run. */
export interface Measure {
  /** What makes a loss of the figure. */
  readonly sign: 1 | -1;
  /** Voxels on either side of a sample that it depends on, per axis. */
  readonly radius?: readonly number[];
  judge(samples: ChannelSamples, breathe: Breathe): Promise<Judgement>;
}

/** Number of samples that count. */
export function countValid(valid: Uint8Array): number {
  let count = 0;
  for (const one of valid) count += one;
  return count;
}
