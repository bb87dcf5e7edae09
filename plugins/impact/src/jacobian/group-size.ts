import type { Demand } from '@voxhost/sdk';
import { MIXED_CHUNK } from './measure-group.js';

/** Patch voxels sampled at once; more samples are taken in groups. */
const GROUP_VOXELS = 2 ** 21;

export const samplesPerGroup = (voxelsPerSample: number): number =>
  Math.max(MIXED_CHUNK, Math.floor(GROUP_VOXELS / voxelsPerSample));

/**
 * What the patches of a metric's samples ask of a resampler: a run for each group.
 *
 * @param drawn - samples of a run that names none; absent where all are taken
 */
export function patchDemand(
  { samples, perRun, runs }: Demand,
  voxelsPerSample: number,
  drawn: number | undefined,
): Demand {
  const count = samples === 'points' ? perRun : Math.min(perRun, drawn ?? perRun);
  const perGroup = samplesPerGroup(voxelsPerSample);
  return {
    maps: ['points'],
    samples: 'points',
    perRun: Math.min(count, perGroup) * voxelsPerSample,
    runs: runs * Math.max(1, Math.ceil(count / perGroup)),
  };
}
