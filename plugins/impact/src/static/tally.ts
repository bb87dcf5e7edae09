import { type Features, type Layer, layerLoss } from '../combine.js';
import type { View } from './look.js';
import type { Part } from './parts.js';

/** One layer of a run. */
export interface LayerWork {
  readonly layer: Layer;
  /** Those that are compared. */
  readonly channels: readonly number[];
  /** What the layer's derivative by features is multiplied with, along each axis. */
  readonly factors: readonly number[];
}

/** What a run sums up. */
export interface Tally {
  samples: number;
  /** Per layer: the sum of losses, or the statistic. */
  readonly sums: number[];
  /** D planes: derivatives of the part's losses by its mapped positions, in moving index units. */
  slopes: Float64Array;
  /** Room for derivatives by features. */
  modulator: Float64Array;
  /** Makes room for a part's slopes, which are 0 then. */
  clear(part: Part): void;
}

export function createTally(layers: number, dims: number): Tally {
  const none = new Float64Array(0);
  return {
    samples: 0,
    sums: Array<number>(layers).fill(0),
    slopes: none,
    modulator: none,
    clear({ count }) {
      this.slopes = zeros(this.slopes, count * dims);
    },
  };
}

/** So many, in the same memory if it is as long. */
function zeros(room: Float64Array, length: number): Float64Array {
  return room.length === length ? room.fill(0) : new Float64Array(length);
}

/** The sum of a part's losses; their slopes are added to those of the tally. */
export function addPartLoss(
  { layer, channels, factors }: LayerWork,
  { part, view }: { readonly part: Part; readonly view: View },
  tally: Tally | undefined,
): number {
  const { count, stretches } = part;
  const length = layer.channels * count;
  if (tally && tally.modulator.length < length) tally.modulator = new Float64Array(length);
  let sum = 0;
  for (let s = 0; s < stretches.length; s += 2) {
    const [first, end] = [stretches[s], stretches[s + 1]];
    const lie = { samples: end - first, first, perSample: 1, perChannel: count };
    const features = { fixed: view.fixed, moving: view.moving, ...lie };
    if (tally) clearStretch(tally.modulator, channels, features);
    sum += layerLoss(layer, channels, features, tally?.modulator);
    if (!tally) continue;
    const { modulator, slopes } = tally;
    const derivatives = { modulator, first, perChannel: count };
    addSlopes(
      { channels, factors, derivatives },
      { moving: view.moving, count, first, end },
      slopes,
    );
  }
  return sum;
}

/** Just before they are used, so that they stay in the cache. */
function clearStretch(
  modulator: Float64Array,
  channels: readonly number[],
  { first, samples, perChannel }: Features,
): void {
  for (const c of channels) {
    modulator.fill(0, first + c * perChannel, first + c * perChannel + samples);
  }
}

/** Derivatives by features of a stretch of samples: of channel c of its first at `first + c · perChannel`. */
export interface Derivatives {
  readonly modulator: Float64Array;
  readonly first: number;
  readonly perChannel: number;
}

/** A stretch of a part, with the planes of the moving map. */
export interface Stretch {
  readonly moving: Float32Array;
  readonly count: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Adds factor · Σ_c modulator · ∂feature along each axis, channel by channel: planes may lie a power of two apart, which
 * would share a few sets of the cache if one sample were seen in all of them.
 */
export function addSlopes(
  { channels, factors, derivatives }: SlopeTerms,
  { moving, count, first, end }: Stretch,
  slopes: Float64Array,
): void {
  const { modulator, perChannel } = derivatives;
  const dims = factors.length;
  const axis = moving.length / (dims + 1);
  const [x, y, z = 0] = factors;
  for (const c of new Set(channels)) {
    const from = derivatives.first - first + c * perChannel;
    const plane = axis + c * count;
    for (let n = first; n < end; n++) {
      const u = modulator[from + n];
      const at = plane + n;
      slopes[n] += x * u * moving[at];
      slopes[count + n] += y * u * moving[at + axis];
      if (dims === 3) slopes[2 * count + n] += z * u * moving[at + 2 * axis];
    }
  }
}

export interface SlopeTerms {
  readonly channels: readonly number[];
  readonly factors: readonly number[];
  readonly derivatives: Derivatives;
}
