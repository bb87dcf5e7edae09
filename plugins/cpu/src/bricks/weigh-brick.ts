import type { AffineMap, Block, FieldMap, Lattice } from '@voxhost/sdk';
import { FOLD_PERIODIC } from '../job-layout.js';
import type { SamplingRules } from '../sampling-rules.js';
import { gazeOf, type LatticeValues } from './gaze.js';
import { boxCount, type IndexBox, type IndexRange, isWithin, modulo } from './index-box.js';
import { pieceCount } from './pieces.js';
import type { Weight } from './plan-bricks.js';
import { type SampleAxis, type SampleRange, samplesOf } from './sample-box.js';

/** What is sampled, and how. */
export interface Sampling {
  /** x y z. */
  readonly axes: readonly SampleAxis[];
  readonly rules: SamplingRules;
  /** Samples beyond those that are read which the prefilter has to see; undefined where there is none. */
  readonly filterMargin: number | undefined;
  /** Of all channels of a sample as it lies in memory. */
  readonly bytesPerSample: number;
}

/** What is asked for. */
export interface Asked {
  readonly steps: readonly (AffineMap | FieldMap)[];
  /** Two or three. */
  readonly dims: number;
  /** Size of the output, x y z, and the absolute index of its first voxel. */
  readonly size: readonly number[];
  readonly start: readonly number[];
  /** Of all planes of a voxel. */
  readonly bytesPerVoxel: number;
  /** Does a lattice stay whole in memory? */
  readonly isKept: (lattice: Lattice) => boolean;
  readonly valuesOf: (lattice: Lattice, box: IndexBox) => LatticeValues;
}

/** A part of the output, and what has to be in memory for it. */
export interface Brick extends Weight {
  readonly block: Block;
  /** Samples, or coefficients with those beyond that the prefilter has to see, x y z. */
  readonly box: IndexBox;
  /** Else samples are found by tables. */
  readonly isPlain: boolean;
  /** Of each step, what has to be there of its lattice. */
  readonly lattices: readonly (IndexBox | undefined)[];
}

/** As long as it takes to begin a piece of a copy, 0.35 microseconds, so many bytes are copied. */
const PIECE_BYTES = 4096;
/** As long as it takes to filter a coefficient, so many are copied. */
const FILTER_COPIES = 10;

/** What a part of the output takes. Pure. */
export function weighBrick(sampling: Sampling, asked: Asked, block: Block): Brick {
  const { steps, dims, size } = asked;
  const indices = block.size.slice(0, dims).map((count, axis) => {
    const low = asked.start[axis] + block.start[axis];
    return { low, high: low + count - 1 };
  });
  const gaze = gazeOf(steps, indices, asked.valuesOf);
  const ranges = sampling.axes.map((axis, i): SampleRange => {
    const at = gaze.positions[i] ?? { low: 0, high: 0 };
    const padded = { low: at.low + axis.margin, high: at.high + axis.margin };
    return rangeOf(samplesOf(padded, axis, sampling.rules), sampling, i < dims ? axis.count : 1);
  });
  const lattices = gaze.lattices.map((box, i) => {
    const step = steps[i];
    return step.kind === 'field' && !asked.isKept(step.lattice) ? box : undefined;
  });
  const box = cheapestBox(sampling, ranges);
  const voxels = boxCount(block.size.map((count) => ({ first: 0, count })));
  const output = block.size.map((count, axis) => ({ first: block.start[axis], count }));
  const vectors = lattices.reduce((sum, box, i) => sum + vectorBytes(steps[i], box), 0);
  return {
    block,
    box: box.map(({ first, count }) => ({ first, count })),
    isPlain: box.every(({ isPlain }) => isPlain),
    lattices,
    bytes: boxCount(box) * sampling.bytesPerSample + voxels * asked.bytesPerVoxel + vectors,
    work: workOf(sampling, box) + pieceCount(size, output) * PIECE_BYTES + vectors,
  };
}

/** The box, or one of whole rows or whole slices where these take less time than many pieces. */
function cheapestBox(sampling: Sampling, box: readonly SampleRange[]): readonly SampleRange[] {
  const [x, y] = sampling.axes.map(({ count }) => ({ first: 0, count, isPlain: true }));
  const rows = box.with(0, x);
  return [box, rows, rows.with(1, y)].reduce((best, other) =>
    workOf(sampling, other) < workOf(sampling, best) ? other : best,
  );
}

function workOf({ axes, filterMargin, bytesPerSample }: Sampling, box: IndexBox): number {
  const times = filterMargin === undefined ? 1 : FILTER_COPIES;
  const pieces = pieceCount(
    axes.map(({ count }) => count),
    box,
  );
  return boxCount(box) * bytesPerSample * times + pieces * PIECE_BYTES;
}

/** With what the prefilter has to see, up to the ends of an axis of n, or round them where it is periodic. */
function rangeOf(
  range: SampleRange,
  { filterMargin = 0, rules }: Sampling,
  n: number,
): SampleRange {
  if (filterMargin === 0 || n === 1) return range;
  const first = range.first - filterMargin;
  const count = range.count + 2 * filterMargin;
  if (rules.fold === FOLD_PERIODIC) {
    if (count >= n) return { first: 0, count: n, isPlain: true };
    const around: IndexRange = { first: modulo(first, n), count };
    return { ...around, isPlain: range.isPlain && isWithin([around], [n]) };
  }
  const from = Math.max(0, first);
  return { first: from, count: Math.min(n, first + count) - from, isPlain: range.isPlain };
}

function vectorBytes(step: AffineMap | FieldMap, box: IndexBox | undefined): number {
  if (box === undefined || step.kind !== 'field') return 0;
  const { data, size } = step.lattice;
  return boxCount(box) * size.length * data.BYTES_PER_ELEMENT;
}
