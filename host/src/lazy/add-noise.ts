import { type Boundary, type ContinuousMap, type Grid, then } from '@voxhost/sdk';
import type { Router } from '../routing/router.js';
import { boundsThrough, kernelReach, wholeBounds } from './bounds.js';
import { type ExecuteSettings, executeSampling } from './execute-sampling.js';
import { translation } from './matrices.js';
import { type Block, noiseBlock } from './noise.js';
import type { SamplingModes } from './sampling.js';
import type { Tail } from './step.js';

/** Where noise is added: the output's grid, its channels, and the modes that carry the noise there. */
export interface NoiseTarget {
  readonly output: Grid;
  readonly channels: number;
  readonly modes: SamplingModes;
}

/** Adds to `values` the noise that the output sees, carried there by the same interpolator as the image. */
export async function addNoise(
  values: Float64Array,
  tail: Tail & { kind: 'noise' },
  target: NoiseTarget,
  { router, settings }: { router: Router; settings: ExecuteSettings },
): Promise<void> {
  const { interpolator, boundary } = target.modes;
  const block = seenBlock(tail, target);
  const source = noiseBlock(tail.noise, block, target.channels);
  const { image } = await executeSampling(
    router,
    {
      source,
      map: then(tail.map, translation(block.start.map((s) => 0 - s))),
      output: target.output,
      interpolator,
      boundary: silent(boundary),
      pixelType: 'float64',
    },
    settings,
  );
  for (let i = 0; i < values.length; i++) values[i] += image.data[i];
}

/** Noise adds nothing where the image has the boundary's value. */
const silent = (boundary: Boundary): Boundary =>
  'value' in boundary ? { ...boundary, value: 0 } : boundary;

/**
 * The part of the noise's space that the output looks at. Where it looks beyond the space, an edge or a
 * constant is that of the block; a reflection or a period needs the whole axis.
 */
function seenBlock(
  tail: { map: ContinuousMap; size: readonly number[] },
  target: NoiseTarget,
): Block {
  const seen = boundsThrough(tail.map, wholeBounds(target.output.size));
  const reach = kernelReach(target.modes.interpolator);
  const ends = tail.size.map((n, a): readonly [number, number] => {
    const low = Math.floor(seen.low[a]) - reach;
    const high = Math.ceil(seen.high[a]) + reach;
    if ((low < 0 || high > n - 1) && folds(target.modes.boundary)) return [0, n - 1];
    const first = Math.min(Math.max(low, 0), n - 1);
    return [first, Math.min(Math.max(high, first), n - 1)];
  });
  return { start: ends.map(([s]) => s), size: ends.map(([s, e]) => e - s + 1) };
}

const folds = ({ kind }: Boundary): boolean =>
  kind === 'reflect' || kind === 'mirror' || kind === 'grid-wrap' || kind === 'wrap';
