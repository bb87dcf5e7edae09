import type { Demand } from '@voxhost/sdk';

/**
 * Patches per run of a network: what a batch holds stays near the cache (where others fill it, M730 takes 173 ms for
 * 1000 patches in batches of 64, and 370 in batches of 256). A network that mixes the samples of a batch has more
 * of them to mix; their number does not depend on the call.
 */
export const CHUNK = 64;
export const MIXED_CHUNK = 256;

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
