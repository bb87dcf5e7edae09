import { layerLoss } from '../combine.js';
import type { View } from './look.js';
import type { Part } from './parts.js';
import { addSlopes, type LayerWork, type Tally } from './tally.js';

/** Planes of features, with their derivatives, that are kept to be used again: 256 MiB. */
const MOST_KEPT = 2 ** 26;

/** A layer whose loss is a statistic over all samples: it sees all of their features first. */
export interface Statistic {
  see(part: Part, k: number, view: View): void;
  /** Once all was seen. */
  evaluate(): number;
  /** Planes of the moving map, part by part; undefined where they are too many. */
  readonly kept: readonly Float32Array[] | undefined;
  /** Once evaluated. */
  addSlopes(
    part: { readonly part: Part; readonly k: number; readonly moving: Float32Array },
    tally: Tally,
  ): void;
}

/** @param capacity - samples that there may be */
export function createStatistic(
  { layer, channels, factors }: LayerWork,
  capacity: number,
  hasSlopes: boolean,
): Statistic {
  const length = layer.channels * capacity;
  const fixed = new Float32Array(length);
  const moving = new Float32Array(length);
  const modulator = hasSlopes ? new Float64Array(length) : undefined;
  const isKept = hasSlopes && length * (factors.length + 1) <= MOST_KEPT;
  const kept: Float32Array[] = [];
  /** Number of the first sample of each part that counts. */
  const starts: number[] = [];
  let samples = 0;
  return {
    kept: isKept ? kept : undefined,
    see(part, k, view) {
      starts[k] = samples;
      if (isKept) kept[k] = view.moving;
      for (const { first, end, at } of stretchesFrom(part, samples)) {
        for (let c = 0; c < layer.channels; c++) {
          const [from, to] = [c * part.count + first, c * part.count + end];
          fixed.set(view.fixed.subarray(from, to), c * capacity + at);
          moving.set(view.moving.subarray(from, to), c * capacity + at);
        }
      }
      samples += part.valid;
    },
    evaluate: () => {
      const lie = { samples, first: 0, perSample: 1, perChannel: capacity };
      return layerLoss(layer, channels, { fixed, moving, ...lie }, modulator);
    },
    addSlopes(seen, { slopes }) {
      if (modulator === undefined) return;
      const scaled = factors.map((factor) => factor * samples); // the tally is divided by them
      for (const { first, end, at } of stretchesFrom(seen.part, starts[seen.k])) {
        const derivatives = { modulator, first: at, perChannel: capacity };
        const stretch = { moving: seen.moving, count: seen.part.count, first, end };
        addSlopes({ channels, factors: scaled, derivatives }, stretch, slopes);
      }
    },
  };
}

/** The stretches of a part, and where their samples are among all that count. */
function* stretchesFrom({ stretches }: Part, start: number) {
  let at = start;
  for (let s = 0; s < stretches.length; s += 2) {
    const [first, end] = [stretches[s], stretches[s + 1]];
    yield { first, end, at };
    at += end - first;
  }
}
