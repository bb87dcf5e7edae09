import { PIXEL_TYPES, pixelTypeFacts, voxelCount } from '@voxhost/sdk';
import { type IndexBox, wholeBox } from './bricks/index-box.js';
import * as layout from './job-layout.js';
import type { SamplingRules } from './sampling-rules.js';

/** Samples in the workers' memory. */
export interface ResidentSource {
  readonly address: number;
  /** TYPE_* of job-layout.ts. */
  readonly type: number;
  /** x, y, z, in samples; z is 1 for a picture. */
  readonly size: readonly number[];
  /** Samples before the image's first on each axis. */
  readonly margin: number;
  /** What of it is in memory; absent: all. */
  readonly part?: SourcePart;
}

/** A box of each channel. */
export interface SourcePart {
  readonly box: IndexBox;
  /** Addresses of the tables by which samples are found, where indices do not lead to them. */
  readonly tables: readonly number[] | undefined;
}

/** One block of output, or a list of points. */
export interface OutputBlock {
  readonly address: number;
  readonly type: number;
  /** x, y, z; for points their number, 1, 1. */
  readonly size: readonly number[];
  readonly start: readonly number[];
}

export interface Job {
  readonly dims: number;
  readonly channels: number;
  readonly gradient: boolean;
  /** Arithmetic in float64. */
  readonly wide: boolean;
  readonly source: ResidentSource;
  readonly rules: SamplingRules;
  readonly output: OutputBlock;
  readonly tile: readonly number[];
  readonly steps: { readonly address: number; readonly count: number };
  /** Address of the positions, x y z of each, or 0 for the voxels of the block. */
  readonly points: number;
}

/** Writes a job as job-layout.ts lays it out. */
export function encodeJob(view: DataView, job: Job): void {
  encodeSource(view, job);
  encodeOutput(view, job);
  const { rules, steps } = job;
  writeWords(view, layout.JOB_NEXT, [0, 0]);
  writeWords(view, layout.JOB_DIMS, [job.dims, job.channels]);
  writeWords(view, layout.JOB_INTERPOLATOR, [
    rules.interpolator,
    rules.fold,
    job.wide ? 1 : 0,
    job.gradient ? 1 : 0,
  ]);
  writeWords(view, layout.JOB_POINTS, [job.points, steps.address, steps.count]);
  writeWords(view, layout.JOB_LIMIT, [rules.limit, rules.wrap]);
  view.setFloat64(layout.JOB_FILL, rules.fill, true);
  view.setFloat64(layout.JOB_FLAT, rules.flat, true);
}

function encodeSource(view: DataView, { source, dims }: Job): void {
  const { box, tables } = source.part ?? { box: wholeBox(source.size), tables: undefined };
  const { first: x, count: row } = box[0];
  const { first: y, count: rows } = box[1];
  const { first: z, count: slices } = box[2];
  const bytes = pixelTypeFacts(PIXEL_TYPES[source.type]).bytes;
  // Where sample 0 would lie: kernels reach samples by their own numbers, and addresses wrap.
  const address = source.address - (tables ? 0 : (x + row * (y + rows * z)) * bytes);
  const strides = [row, row * rows, row * rows * slices];
  writeWords(view, layout.JOB_SOURCE, [address, source.type, ...source.size, ...strides]);
  writeWords(view, layout.JOB_LOOKUP, tables ?? [0, 0, 0]);
  writeWords(view, layout.JOB_HELD_FIRST, [x, y, z]);
  writeWords(view, layout.JOB_HELD_LAST, [x + row - 1, y + rows - 1, z + slices - 1]);
  for (let axis = 0; axis < 3; axis++) {
    const margin = axis < dims ? source.margin : 0;
    view.setFloat64(layout.JOB_SHIFT + 8 * axis, margin, true);
    view.setFloat64(layout.JOB_EXTENT + 8 * axis, source.size[axis] - 2 * margin, true);
  }
}

function encodeOutput(view: DataView, { output, tile }: Job): void {
  const { address, type, size, start } = output;
  const tiles = tile.map((n, axis) => Math.ceil(size[axis] / n));
  writeWords(view, layout.JOB_TILE_COUNT, [voxelCount(tiles)]);
  writeWords(view, layout.JOB_OUT, [address, type, ...size]);
  writeWords(view, layout.JOB_START, [...start, voxelCount(size)]);
  writeWords(view, layout.JOB_TILE, [...tile, ...tiles]);
}

/** 32-bit words; addresses are unsigned and wrap into the same bits. */
function writeWords(view: DataView, at: number, words: readonly number[]): void {
  for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i], true);
}
