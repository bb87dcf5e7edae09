import type { Prepared, Resampled } from '@voxhost/sdk';
import type { LayerMaps } from './layer-maps.js';
import type { Part, Parts, Question } from './parts.js';

/** Features of a part under one layer, a plane per channel; the moving map's derivatives x, y, z behind its values. */
export interface View {
  readonly fixed: Float32Array;
  readonly moving: Float32Array;
}

/** A part, with its features under each layer that was asked for. */
export interface Seen {
  readonly k: number;
  readonly part: Part;
  readonly views: readonly View[];
}

export interface Looking {
  readonly parts: Parts;
  readonly maps: readonly LayerMaps[];
  /** Features that are kept between runs are asked for once. */
  readonly fixedGrid: FixedGrid;
  readonly signal: AbortSignal | undefined;
}

/** Fixed features of a part of the grid, which no run changes. */
export type FixedGrid = (
  layer: number,
  k: number,
  sample: () => Promise<Resampled>,
) => Promise<Resampled>;

/** Parts that are asked for before the one that is taken: one is sampled, one is on its way. */
const AHEAD = 2;

/** All parts in turn, under some layers: resamplers work on the next ones meanwhile. */
export async function* lookInTurn(
  looking: Looking,
  layers: readonly number[],
): AsyncGenerator<Seen, void, undefined> {
  const { count } = looking.parts;
  const asked: Promise<Seen>[] = [];
  for (let k = 0; k < count + AHEAD; k++) {
    if (k < count) {
      const seen = look(looking, k, layers);
      seen.catch(() => undefined); // whoever takes it is told
      asked.push(seen);
    }
    const first = k < AHEAD ? undefined : asked.shift();
    if (first !== undefined) yield await first;
  }
}

async function look(looking: Looking, k: number, layers: readonly number[]): Promise<Seen> {
  const { parts, maps, fixedGrid, signal } = looking;
  signal?.throwIfAborted();
  const part = parts.part(k);
  const ask = (prepared: Prepared<'resample'>, { map, samples }: Question) =>
    prepared.run(map, { samples, ...(signal && { signal }) });
  const views = await Promise.all(
    layers.map(async (l) => {
      const { fixed, moving, fixedRatio, movingRatio } = maps[l];
      const sample = () => ask(fixed, part.fixed(fixedRatio));
      const [ofFixed, ofMoving] = await Promise.all([
        part.numbers === undefined ? fixedGrid(l, k, sample) : sample(),
        ask(moving, part.moving(movingRatio)),
      ]);
      return { fixed: ofFixed.data as Float32Array, moving: ofMoving.data as Float32Array };
    }),
  );
  return { k, part, views };
}
