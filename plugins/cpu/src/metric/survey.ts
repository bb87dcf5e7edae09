import { type Image, voxelCount } from '@voxhost/sdk';

/** Finite values of one channel within the mask. */
export interface ChannelSurvey {
  /** Infinite when there is none. */
  readonly min: number;
  readonly max: number;
  /** 0 when there is none. */
  readonly mean: number;
}

/** What a metric has to know of an image before its first run. */
export interface Survey {
  readonly channels: readonly ChannelSurvey[];
  /** Is every voxel finite, in the mask and beyond? */
  readonly areFinite: boolean;
  /** Of the finite voxels, in the mask and beyond. */
  readonly largest: number;
}

export function surveyImage(image: Image, mask: Image | undefined): Survey {
  const voxels = voxelCount(image.grid.size);
  const all = Array.from({ length: image.channels }, (_, channel) =>
    surveyChannel(image, channel * voxels, mask && { mask, voxels }),
  );
  return {
    channels: all,
    areFinite: all.every((channel) => channel.areFinite),
    largest: all.reduce((most, channel) => Math.max(most, channel.largest), 0),
  };
}

function surveyChannel(
  { data, grid }: Image,
  from: number,
  masked: { readonly mask: Image; readonly voxels: number } | undefined,
): ChannelSurvey & { readonly areFinite: boolean; readonly largest: number } {
  const voxels = voxelCount(grid.size);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let largest = 0;
  let sum = 0;
  let count = 0;
  let odd = 0;
  for (let i = 0; i < voxels; i++) {
    const value = data[from + i];
    // Not a finite number: its difference from itself is none.
    if (value - value !== 0) {
      odd++;
      continue;
    }
    largest = Math.max(largest, Math.abs(value));
    if (masked !== undefined && masked.mask.data[i] === 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  const mean = count === 0 ? 0 : sum / count;
  return { min, max, mean: Number.isFinite(mean) ? mean : 0, areFinite: odd === 0, largest };
}
