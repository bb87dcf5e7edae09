import { createImage, type Image, type Metric, voxelCount } from '@voxhost/sdk';
import { type ResidentImage, residentImage } from '../sampling/resident-image.js';
import type { Tensorflow } from '../start/tensorflow.js';
import type { Shift } from './judge.js';

/** What a metric compares, in TensorFlow's memory; masks are 1 inside. */
export interface ResidentPair extends Disposable {
  readonly fixed: ResidentImage;
  readonly moving: ResidentImage;
  readonly fixedMask: ResidentImage | undefined;
  readonly movingMask: ResidentImage | undefined;
  /** Per channel. */
  readonly shifts: readonly Shift[];
}

export function residentPair(tf: Tensorflow, operation: Metric): ResidentPair {
  const all: ResidentImage[] = [];
  const resident = (image: Image): ResidentImage => {
    const one = residentImage(tf, image);
    all.push(one);
    return one;
  };
  const mask = (image: Image | undefined) => image && resident(memberships(image));
  const { fixed, moving, fixedMask, movingMask } = operation;
  return {
    fixed: resident(fixed),
    moving: resident(moving),
    fixedMask: mask(fixedMask),
    movingMask: mask(movingMask),
    shifts: Array.from({ length: fixed.channels }, (_, channel) => shiftOf(fixed, moving, channel)),
    [Symbol.dispose]() {
      for (const one of all) one[Symbol.dispose]();
    },
  };
}

const memberships = ({ grid, data }: Image): Image => {
  const inside = new Uint8Array(voxelCount(grid.size));
  for (let n = 0; n < inside.length; n++) inside[n] = data[n] === 0 ? 0 : 1;
  return createImage(grid, inside);
};

function shiftOf(fixed: Image, moving: Image, channel: number): Shift {
  const [f, m] = [fixed, moving].map((image) => meanOf(image, channel));
  return { fixed: f.mean, moving: m.mean, largestFixed: f.largest, largestMoving: m.largest };
}

/** Mean of a channel's finite values, rounded to float32, and the largest absolute one. */
function meanOf({ grid, data }: Image, channel: number): { mean: number; largest: number } {
  const voxels = voxelCount(grid.size);
  let [sum, count, largest] = [0, 0, 0];
  for (let n = channel * voxels; n < (channel + 1) * voxels; n++) {
    const value = data[n];
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
    largest = Math.max(largest, Math.abs(value));
  }
  return { mean: count === 0 ? 0 : Math.fround(sum / count), largest };
}
