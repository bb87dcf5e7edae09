import { inRows, layerLoss, modulatorScale, type Rows } from '../combine.js';
import type { Chunk } from './forward.js';
import type { Group } from './group.js';

/** What the layers make of some chunks. */
export interface Losses {
  readonly samples: number;
  /** Per layer. */
  readonly sums: readonly number[];
  /** Weighted; undefined when no derivative is wanted. */
  readonly modulators: readonly Float64Array[] | undefined;
}

/** The layers' losses over some chunks. */
export function losses({ course }: Group, chunks: readonly Chunk[]): Losses {
  const samples = chunks.reduce((n, chunk) => n + chunk.samples.length, 0);
  const { jacobian, options, channels, derivative } = course;
  const sums: number[] = [];
  const modulators: Float64Array[] = [];
  for (const [l, layer] of jacobian.layers.entries()) {
    const rows = together(chunks.map((chunk) => chunk.rows[l]));
    const modulator = derivative && new Float64Array(rows.moving.length);
    sums.push(layerLoss(layer, channels[l], inRows(rows, layer.channels), modulator));
    if (modulator === undefined) continue;
    const scale = modulatorScale(layer, options.scales?.[l], samples);
    modulators.push(modulator.map((u) => u * scale));
  }
  return { samples, sums, modulators: derivative && modulators };
}

function together(parts: readonly Rows[]): Rows {
  if (parts.length === 1) return parts[0];
  const join = (all: readonly Float32Array[]): Float32Array => {
    const joined = new Float32Array(all.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of all) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  };
  return { fixed: join(parts.map((p) => p.fixed)), moving: join(parts.map((p) => p.moving)) };
}
