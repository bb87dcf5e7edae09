import {
  type Block,
  blockOffset,
  type IndexMap,
  outputOf,
  PIXEL_TYPES,
  type Pixels,
  type Prepared,
  pixelTypeFacts,
  planBlocks,
  type Resample,
  type Resampled,
  type ResampleRun,
  type ResampleShape,
  type RunQueue,
  requireFiniteForSpline,
  requireResampleRun,
  type SliceWindow,
  sliceWindow,
  voxelCount,
} from '@voxhost/sdk';
import { blockVoxels, MOST_BLOCK_BYTES } from './block-voxels.js';
import { copyOut, viewOf } from './copy.js';
import { encodeJob, type Job, type ResidentSource } from './encode-job.js';
import type { Engine } from './engine.js';
import { type Held, holdOn } from './held.js';
import { JOB_BYTES } from './job-layout.js';
import { createLatticeCopies, type LatticeCopies } from './lattices.js';
import { encodeStep, stepBytes, stepsOf } from './map-steps.js';
import {
  asVolume,
  coefficientsOf,
  isStreamed,
  isWide,
  loadWindow,
  prepareSource,
} from './prepare-source.js';
import { createRetired, type Retired } from './retired.js';
import { type SamplingRules, samplingRules } from './sampling-rules.js';
import { createSliceCopy } from './slice-copy.js';
import { isBoundByCopies, tileSize } from './tile-size.js';
import { progressOver, type UnderWay, underWay } from './under-way.js';

/**
 * Of a source that is read window by window, the part of the output that is a block, and its bounds. Larger blocks copy
 * fewer slices twice, smaller ones take less memory: with a twelfth, peak memory stays below 1.3 times input and output
 * under a turn by 10 degrees, whose windows are as many slices as their block has and a fifth of the volume.
 */
const STREAMED_PART = 1 / 12;
const STREAMED_BYTES = { least: 2 ** 24, most: 2 ** 28 } as const;
const POINTS_TILE = [4096, 1, 1];

interface Resampling {
  readonly engine: Engine;
  readonly operation: Resample;
  /** Absent for a source that is read window by window. */
  readonly resident: HeldSource | undefined;
  readonly rules: SamplingRules;
  readonly lattices: LatticeCopies;
}

/** A source that stays in the workers' memory. */
interface HeldSource {
  readonly source: ResidentSource;
  /** Brings what was not looked at yet. */
  bring(window: SliceWindow, signal: AbortSignal | undefined): Promise<void>;
}

/** Takes memory for the source, where it stays for all runs: at once what is filtered, else when it is looked at. */
export async function prepareResample(
  engine: Engine,
  operation: Resample,
  queue: RunQueue,
  signal: AbortSignal | undefined,
): Promise<Prepared<'resample'>> {
  requireFiniteForSpline(operation);
  const resident = isStreamed(operation) ? undefined : await holdSource(engine, operation, signal);
  const rules = samplingRules(operation.interpolator, operation.boundary);
  const lattices = createLatticeCopies(engine.heap);
  const resampling: Resampling = { engine, operation, resident, rules, lattices };
  return {
    run: (map, run) => queue.enqueue(() => executeRun(resampling, map, run)),
    async [Symbol.asyncDispose]() {
      await queue.close();
      lattices[Symbol.dispose]();
      if (resident) engine.heap.release(resident.source.address);
    },
  };
}

async function holdSource(
  engine: Engine,
  operation: Resample,
  signal: AbortSignal | undefined,
): Promise<HeldSource> {
  if (coefficientsOf(operation) !== undefined) {
    const source = await prepareSource(engine, operation, signal);
    return { source, bring: async () => undefined };
  }
  const { data, channels, grid, pixelType } = operation.source;
  const size = asVolume(grid.size);
  const { address, bring } = createSliceCopy(engine.heap, data, channels, size[2]);
  return { source: { address, type: PIXEL_TYPES.indexOf(pixelType), size, margin: 0 }, bring };
}

async function executeRun(
  resampling: Resampling,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const { operation } = resampling;
  const shape = requireResampleRun(operation, map, run);
  run.signal?.throwIfAborted();
  const data = outputOf(operation, run, shape);
  const isList = map.kind === 'points' || 'points' in run.samples;
  const whole = isList ? [shape.samples, 1, 1] : asVolume(run.samples.size);
  const perVoxel = shape.planes * pixelTypeFacts(operation.pixelType).bytes;
  const tile = isList ? POINTS_TILE : tileSize(operation, map);
  const blocks = planBlocks(whole, mostVoxels(resampling, whole, tile, perVoxel));
  const isOwn = !isList && isBoundByCopies(operation, map);
  const isShared =
    resampling.resident !== undefined && resampling.engine.pool.threads > 1 && !isOwn;
  using retired = createRetired(isShared ? MOST_BLOCK_BYTES : 0);
  const report = run.progress && progressOver(blocks.length, run.progress);
  const blockRun = { map, run, shape, data, whole, tile, retired, isOwn };
  await underWay(blocks, isShared ? 2 : 1, (block, n) =>
    beginBlock(resampling, { ...blockRun, block, progress: report?.(n) }),
  );
  resampling.lattices.trim();
  run.progress?.(1);
  return { data };
}

/** Of a block. */
function mostVoxels(
  { resident }: Resampling,
  whole: readonly number[],
  tile: readonly number[],
  bytesPerVoxel: number,
): number {
  if (resident !== undefined) return blockVoxels(whole, tile, bytesPerVoxel);
  const { least, most } = STREAMED_BYTES;
  const bytes = Math.max(least, Math.min(most, voxelCount(whole) * bytesPerVoxel * STREAMED_PART));
  return Math.max(1, Math.floor(bytes / bytesPerVoxel));
}

interface BlockRun {
  readonly map: IndexMap;
  readonly run: ResampleRun;
  readonly shape: ResampleShape;
  readonly data: Pixels;
  /** Size of the output, x y z; of points their number, 1, 1. */
  readonly whole: readonly number[];
  readonly block: Block;
  readonly tile: readonly number[];
  /** The run's, of blocks that were copied to the caller. */
  readonly retired: Retired;
  readonly isOwn: boolean;
  readonly progress: ((fraction: number) => void) | undefined;
}

/** Brings what a block needs and puts the workers to it. */
async function beginBlock(resampling: Resampling, blockRun: BlockRun): Promise<UnderWay> {
  const { heap } = resampling.engine;
  const { data, shape, block } = blockRun;
  const held = holdOn(heap);
  try {
    const out = held.allocate(voxelCount(block.size) * shape.planes * data.BYTES_PER_ELEMENT);
    const job = held.allocate(JOB_BYTES);
    const described = await describeJob(resampling, blockRun, out, held);
    encodeJob(viewOf(heap, job, JOB_BYTES), described);
    return { ended: endBlock(resampling, blockRun, { job, out, held }) };
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

/** Waits for the workers, and copies what they left to the caller while they are at the next block. */
async function endBlock(
  { engine: { heap, pool } }: Resampling,
  { data, shape, whole, block, retired, isOwn, progress, run: { signal } }: BlockRun,
  { job, out, held }: { readonly job: number; readonly out: number; readonly held: Held },
): Promise<void> {
  const voxels = voxelCount(block.size);
  const bytes = voxels * data.BYTES_PER_ELEMENT;
  try {
    await pool.execute(job, { kernel: 'work', signal, progress, series: retired, isOwn });
    for (let plane = 0; plane < shape.planes; plane++) {
      const at = plane * shape.samples + blockOffset(block, whole);
      copyOut(heap, out + plane * bytes, data, { at, count: voxels });
    }
    progress?.(1);
  } finally {
    retired.retire(held, bytes * shape.planes);
  }
}

async function describeJob(
  { engine, operation, resident, rules, lattices }: Resampling,
  { map, run, block, tile }: BlockRun,
  out: number,
  held: Held,
): Promise<Job> {
  const dims = operation.source.grid.size.length;
  const list = pointsOf(map, run);
  const points = list === undefined ? 0 : held.allocate(block.size[0] * 24);
  const steps = writeSteps(engine, map, lattices, held);
  if (list) writePoints(engine, points, partOf(list, block, dims), dims);
  const origin = list || !('size' in run.samples) ? undefined : run.samples.start;
  const start = block.start.map((first, axis) => first + (origin?.[axis] ?? 0));
  const window = windowOf(operation, list ? undefined : map, { size: block.size, start });
  await resident?.bring(window, run.signal);
  const source = resident?.source ?? loadWindow(engine, operation.source, window, held);
  return {
    dims,
    channels: operation.source.channels,
    gradient: operation.gradient,
    wide: isWide(operation),
    source,
    rules,
    output: {
      address: out,
      type: PIXEL_TYPES.indexOf(operation.pixelType),
      size: block.size,
      start,
    },
    tile,
    steps,
    points,
  };
}

/** What a block looks at; points may lie anywhere. */
function windowOf(
  { source, ...operation }: Resample,
  map: IndexMap | undefined,
  block: Block,
): SliceWindow {
  const [, , slices = 1] = source.grid.size;
  if (map === undefined) return { first: 0, count: slices };
  return sliceWindow(map, block, slices, operation.boundary.kind);
}

/** The members of a map in the workers' memory, with copies of their lattices. */
export function writeSteps(
  { heap }: Engine,
  map: IndexMap,
  lattices: LatticeCopies,
  held: Held,
): { address: number; count: number } {
  const steps = stepsOf(map);
  const address = held.allocate(stepBytes(steps.length));
  const copies = steps.map((step) =>
    step.kind === 'field' ? lattices.addressOf(step.lattice) : 0,
  );
  for (const [i, step] of steps.entries()) {
    encodeStep(viewOf(heap, address + stepBytes(i), stepBytes(1)), step, copies[i]);
  }
  return { address, count: steps.length };
}

function pointsOf(map: IndexMap, { samples }: ResampleRun): Float64Array | undefined {
  if (map.kind === 'points') return map.positions;
  return 'points' in samples ? samples.points : undefined;
}

const partOf = (points: Float64Array, { start, size }: Block, dims: number): Float64Array =>
  points.subarray(start[0] * dims, (start[0] + size[0]) * dims);

/** Points as x y z each; z of a picture is 0. */
export function writePoints(
  { heap }: Engine,
  address: number,
  points: Float64Array,
  dims: number,
): void {
  const count = points.length / dims;
  const view = new Float64Array(heap.memory.buffer, address, count * 3);
  if (dims === 3) {
    view.set(points);
    return;
  }
  for (let n = 0; n < count; n++) {
    view[3 * n] = points[2 * n];
    view[3 * n + 1] = points[2 * n + 1];
    view[3 * n + 2] = 0;
  }
}
