import { voxelCount } from '../grid.js';

/** A part of the output that is computed at once, contiguous in each plane of it. */
export interface Block {
  /** x, y and, of a volume, z. */
  readonly size: readonly number[];
  readonly start: readonly number[];
}

/** Splits an output into blocks of at most `most` voxels: whole slices, else rows of one, else parts of one row. */
export function planBlocks(size: readonly number[], most: number): readonly Block[] {
  return divide({ size, start: size.map(() => 0) }, most);
}

function divide(part: Block, most: number): readonly Block[] {
  const voxels = voxelCount(part.size);
  const axis = part.size.findLastIndex((n) => n > 1);
  if (voxels <= most || axis < 0) return [part];
  const length = part.size[axis];
  const step = Math.max(1, Math.floor((most * length) / voxels));
  const blocks: Block[] = [];
  for (let first = 0; first < length; first += step) {
    const size = part.size.with(axis, Math.min(step, length - first));
    const start = part.start.with(axis, part.start[axis] + first);
    blocks.push(...divide({ size, start }, most));
  }
  return blocks;
}

/** Position of a block's first value in each plane of an output of this size. */
export const blockOffset = ({ start }: Block, size: readonly number[]): number =>
  start[0] + size[0] * (start[1] + size[1] * (start[2] ?? 0));
