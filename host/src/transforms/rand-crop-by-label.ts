import { type Image, voxelCount } from '@voxhost/sdk';
import type { RandomStream } from '../lazy/random-stream.js';
import type { SamplingTransform } from '../lazy/transform.js';
import { type CentredCropParams, centredCrops } from './crop-samples.js';
import { bad } from './define.js';

export type RandCropByPosNegLabelParams = CentredCropParams & {
  /** How often a centre is foreground, against `neg`. Default 1. */
  readonly pos?: number;
  /** Default 1. */
  readonly neg?: number;
  /** Background counts only where the image is above. Default 0. */
  readonly image_threshold?: number;
};

/** Crops about voxels of the label's foreground and background. `sources` name the label, then the image if it decides. */
export function randCropByPosNegLabel(
  params: RandCropByPosNegLabelParams,
  sources: readonly string[] = ['label'],
): SamplingTransform {
  const { pos = 1, neg = 1, image_threshold = 0 } = params;
  return centredCrops('RandCropByPosNegLabel', params, sources, ([label, image]) => {
    const inside = (at: number): boolean =>
      image === undefined || isAbove(image, at, image_threshold);
    const first = label.channels > 1 ? 1 : 0;
    const isForeground = (at: number): boolean => isAbove(label, at, 0, first);
    const foreground = indicesWhere(label, isForeground);
    const background = indicesWhere(label, (at) => !isForeground(at) && inside(at));
    return byRatio([
      { ratio: pos, indices: foreground },
      { ratio: neg, indices: background },
    ]);
  });
}

export type RandCropByLabelClassesParams = CentredCropParams & {
  /** How often each class is the centre. Default alike. */
  readonly ratios?: readonly number[] | null;
  /** Classes of a label of one channel. Default its channels. */
  readonly num_classes?: number | null;
  readonly image_threshold?: number;
};

/** Crops about voxels of the label's classes. `sources` name the label, then the image if it decides. */
export function randCropByLabelClasses(
  params: RandCropByLabelClassesParams,
  sources: readonly string[] = ['label'],
): SamplingTransform {
  const { ratios, num_classes, image_threshold = 0 } = params;
  return centredCrops('RandCropByLabelClasses', params, sources, ([label, image]) => {
    const classes = label.channels > 1 ? label.channels : num_classes;
    if (classes == null) throw bad('num_classes', 'is missing for a label of one channel');
    const plane = voxelCount(label.grid.size);
    const isClass = (at: number, c: number): boolean =>
      label.channels > 1 ? label.data[at + c * plane] > 0 : label.data[at] === c;
    return byRatio(
      Array.from({ length: classes }, (_, c) => ({
        ratio: ratios?.[c] ?? (ratios == null ? 1 : 0),
        indices: indicesWhere(
          label,
          (at) => isClass(at, c) && (image === undefined || isAbove(image, at, image_threshold)),
        ),
      })),
    );
  });
}

/** Is any channel from `first` on above the threshold there? */
function isAbove(image: Image, at: number, threshold: number, first = 0): boolean {
  const plane = voxelCount(image.grid.size);
  for (let c = first; c < image.channels; c++) {
    if (image.data[at + c * plane] > threshold) return true;
  }
  return false;
}

/** Linear indices of the voxels that fit, counted first so that memory is what they need. */
function indicesWhere(image: Image, fits: (at: number) => boolean): Uint32Array {
  const plane = voxelCount(image.grid.size);
  let count = 0;
  for (let at = 0; at < plane; at++) if (fits(at)) count++;
  const indices = new Uint32Array(count);
  for (let at = 0, next = 0; at < plane; at++) if (fits(at)) indices[next++] = at;
  return indices;
}

interface Share {
  readonly ratio: number;
  readonly indices: Uint32Array;
}

/** Draws a share by its ratio, then one of its indices; a share without indices is never drawn. */
function byRatio(shares: readonly Share[]): (random: RandomStream) => number {
  const filled = shares.filter(({ indices, ratio }) => indices.length > 0 && ratio > 0);
  const total = filled.reduce((sum, { ratio }) => sum + ratio, 0);
  if (total === 0) throw bad('label', 'has no voxel that may be a centre');
  return (random) => {
    let rest = random.uniform(0, total);
    const chosen = filled.find(({ ratio }) => {
      rest -= ratio;
      return rest < 0;
    });
    const { indices } = chosen ?? filled[filled.length - 1];
    return indices[random.below(indices.length)];
  };
}
