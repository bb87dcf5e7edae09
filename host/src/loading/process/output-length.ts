import { type Resample, type ResampleRun, sampleCount } from '@voxhost/sdk';

/** Values that a run answers, all planes together. Throws `BAD_ARGUMENT` for samples that do not fit. */
export function outputLength(
  { source, gradient }: Resample,
  { samples }: Pick<ResampleRun, 'samples'>,
): number {
  const dims = source.grid.size.length;
  return sampleCount(samples, dims) * source.channels * (gradient ? 1 + dims : 1);
}
