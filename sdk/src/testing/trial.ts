import type { Prepared } from '../backend.js';
import { voxelCount } from '../grid.js';
import type { Image } from '../image.js';
import type { IndexMap } from '../index-map.js';
import { outputIndices } from '../map/locate-all.js';
import type { Resample } from '../operation.js';
import type { Samples } from '../run.js';
import { type Claims, everyday, everydayMap, prefer } from './claims.js';
import type { Trial } from './compare.js';
import { noiseImage } from './trial-images.js';
import { oblique, sampledMap } from './trial-maps.js';

/** Sizes that suit most cases: odd, and no two alike. */
export const smallSize = (dims: number): readonly number[] => [7, 5, 3].slice(0, dims);

/** The block as the block claims to take it: itself, or the points it stands for. */
export const asClaimed = (claims: Claims, block: Samples, dims: number): Samples =>
  claims.samples.includes('grid') ? block : { points: outputIndices(block, dims) };

/** An everyday image of a claimed type. */
export const everydayImage = (claims: Claims, size: readonly number[], channels = 1): Image =>
  noiseImage(prefer(claims.pixelTypes, 'float32'), size, channels);

/** An everyday run of a block over a smooth map that reaches inside and out. */
export function everydayTrial(
  claims: Claims,
  dims: number,
  how: { readonly block?: Samples; readonly operation?: Partial<Resample> } = {},
): Trial {
  const block = how.block ?? { size: smallSize(dims) };
  const samples = asClaimed(claims, block, dims);
  const source = everydayImage(claims, smallSize(dims));
  return {
    operation: everyday(claims, source, how.operation),
    map: everydayRunMap(claims, samples, dims),
    samples,
  };
}

export const everydayRunMap = (claims: Claims, samples: Samples, dims: number): IndexMap =>
  sampledMap(oblique(dims), everydayMap(claims), samples, dims);

/** A run of about `voxels` samples, so that it takes some time. */
export function longTrial(claims: Claims, dims: number, voxels: number): Trial {
  const edge = Math.ceil(voxels ** (1 / dims));
  return everydayTrial(claims, dims, { block: { size: Array<number>(dims).fill(edge) } });
}

/** Number of samples, of block or points. */
export const samplesOf = (samples: Samples, dims: number): number =>
  'points' in samples ? samples.points.length / dims : voxelCount(samples.size);

/** Runs a trial on something that is prepared. */
export const runOf = (
  prepared: Prepared<'resample'>,
  trial: Trial,
  over: Partial<Parameters<Prepared<'resample'>['run']>[1]> = {},
): ReturnType<Prepared<'resample'>['run']> =>
  prepared.run(trial.map, { samples: trial.samples, ...over });
