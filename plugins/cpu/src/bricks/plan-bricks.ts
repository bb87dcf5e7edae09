import { type Block, voxelCount } from '@voxhost/sdk';

/** What a part of the output takes. */
export interface Weight {
  /** Memory of the workers. */
  readonly bytes: number;
  /** Bytes that are copied, or as many as take the same time. */
  readonly work: number;
}

type Weigh<B> = (block: Block) => B;

/** Parts that an axis may be divided into, and a block altogether: of what weight alone asks for, so many times as many. */
const PARTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const SPARE_PARTS = 6;
const MOST_PARTS = 128;
/** Grids that are looked at brick by brick, being the best by the brick in their middle. */
const FINALISTS = 3;
/** Halves that are both heavier than this of the whole look at the same whatever their size. */
const FUTILE = 0.97;

/**
 * Splits a block into bricks of at most `most` bytes, whatever the map, such that little is copied twice: a turn about z
 * gives slabs along z, a permutation slabs along the axis that was z, an oblique turn something like cubes. Every voxel
 * is in one brick. A single voxel, or a part that splitting makes no lighter, may weigh more. Pure.
 */
export function planBricks<B extends Weight>(
  block: Block,
  weigh: Weigh<B>,
  most: number,
): readonly B[] {
  const whole = weigh(block);
  if (whole.bytes <= most) return [whole];
  const parts = Math.min(MOST_PARTS, SPARE_PARTS * Math.ceil(whole.bytes / most));
  const grids = divisions(block.size, parts).map((counts) => ({ counts, block }));
  const starts = [[block], ...bestGrids(grids, weigh, most)];
  const plans = starts.map((blocks) =>
    blocks.flatMap((part) => divide({ block: part, brick: weigh(part) }, weigh, most)),
  );
  return lightest(plans).map(({ brick }) => brick);
}

/** A block, and how many parts each of its axes has. */
interface Grid {
  readonly block: Block;
  readonly counts: readonly number[];
}

/** The grids that promise least work, going by a part in the middle, which looks at no less than others. */
function bestGrids(
  grids: readonly Grid[],
  weigh: Weigh<Weight>,
  most: number,
): readonly (readonly Block[])[] {
  return grids
    .flatMap((grid) => {
      const { bytes, work } = weigh(middleOf(grid));
      return bytes <= most ? [{ grid, work: work * voxelCount(grid.counts) }] : [];
    })
    .sort((a, b) => a.work - b.work)
    .slice(0, FINALISTS)
    .map(({ grid }) => partsOf(grid));
}

/** Numbers of parts per axis, at most so many altogether. */
function divisions(size: readonly number[], most: number): readonly (readonly number[])[] {
  if (size.length === 0) return [[]];
  const [n, ...others] = size;
  return PARTS.filter((parts) => parts <= Math.min(n, most)).flatMap((parts) =>
    divisions(others, most / parts).map((counts) => [parts, ...counts]),
  );
}

function middleOf({ block: { size, start }, counts }: Grid): Block {
  const part = size.map((n, axis) => Math.ceil(n / counts[axis]));
  return { size: part, start: start.map((at, axis) => at + ((size[axis] - part[axis]) >> 1)) };
}

/** Parts as equal as whole voxels allow, x fastest. */
function partsOf({ block: { size, start }, counts }: Grid): readonly Block[] {
  return Array.from({ length: voxelCount(counts) }, (_, index) => {
    let rest = index;
    const ranges = counts.map((count, axis) => {
      const part = rest % count;
      rest = Math.floor(rest / count);
      const [first, end] = [part, part + 1].map((i) => Math.floor((i * size[axis]) / count));
      return { first, count: end - first };
    });
    return {
      size: ranges.map(({ count }) => count),
      start: ranges.map(({ first }, axis) => start[axis] + first),
    };
  });
}

interface Part<B> {
  readonly block: Block;
  readonly brick: B;
}

/** In halves, again and again, across the axis that leaves the least to copy. */
function divide<B extends Weight>(
  part: Part<B>,
  weigh: Weigh<B>,
  most: number,
): readonly Part<B>[] {
  if (part.brick.bytes <= most || voxelCount(part.block.size) <= 1) return [part];
  const halves = bestHalves(part.block, weigh);
  if (halves.every(({ brick }) => brick.bytes > FUTILE * part.brick.bytes)) return [part];
  return halves.flatMap((half) => divide(half, weigh, most));
}

/** Of equal ones those along the slowest axis, which lie in one piece. */
function bestHalves<B extends Weight>(block: Block, weigh: Weigh<B>): readonly Part<B>[] {
  const grids = block.size.flatMap((n, axis) => {
    const counts = block.size.map((_, i) => (i === axis ? 2 : 1));
    return n > 1 ? [partsOf({ block, counts })] : [];
  });
  return lightest(
    grids.reverse().map((blocks) => blocks.map((part) => ({ block: part, brick: weigh(part) }))),
  );
}

/** The first of those with the least work. */
const lightest = <B extends Weight>(plans: readonly (readonly Part<B>[])[]): readonly Part<B>[] =>
  plans.reduce((best, other) => (workOf(other) < workOf(best) ? other : best));

const workOf = (parts: readonly Part<Weight>[]): number =>
  parts.reduce((sum, { brick }) => sum + brick.work, 0);
