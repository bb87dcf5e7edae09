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
import { copyOut, viewOf } from './copy.js';
import { encodeJob, type Job, type ResidentSource } from './encode-job.js';
import type { Engine } from './engine.js';
import { type Held, holdOn } from './held.js';
import { JOB_BYTES } from './job-layout.js';
import { createLatticeCopies, type LatticeCopies } from './lattices.js';
import { encodeStep, stepBytes, stepsOf } from './map-steps.js';
import { asVolume, isStreamed, isWide, loadWindow, prepareSource } from './prepare-source.js';
import { type SamplingRules, samplingRules } from './sampling-rules.js';
import { tileSize } from './tile-size.js';

/** Output that is computed before it is copied to the caller: bounds the memory of a run. */
const BLOCK_BYTES = 2 ** 26;
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
  readonly resident: ResidentSource | undefined;
  readonly rules: SamplingRules;
  readonly lattices: LatticeCopies;
}

/** Brings the source to the workers' memory, where it stays for all runs. */
export async function prepareResample(
  engine: Engine,
  operation: Resample,
  queue: RunQueue,
  signal: AbortSignal | undefined,
): Promise<Prepared<'resample'>> {
  requireFiniteForSpline(operation);
  const resident = isStreamed(operation)
    ? undefined
    : await prepareSource(engine, operation, signal);
  const rules = samplingRules(operation.interpolator, operation.boundary);
  const lattices = createLatticeCopies(engine.heap);
  const resampling: Resampling = { engine, operation, resident, rules, lattices };
  return {
    run: (map, run) => queue.enqueue(() => executeRun(resampling, map, run)),
    async [Symbol.asyncDispose]() {
      await queue.close();
      lattices[Symbol.dispose]();
      if (resident) engine.heap.release(resident.address);
    },
  };
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
  const blocks = planBlocks(
    whole,
    Math.max(1, Math.floor(blockBytes(resampling, data) / perVoxel)),
  );
  for (const [done, block] of blocks.entries()) {
    const progress =
      run.progress && ((part: number) => run.progress?.((done + part) / blocks.length));
    await executeBlock(resampling, { map, run, shape, data, whole, block, progress });
  }
  resampling.lattices.trim();
  run.progress?.(1);
  return { data };
}

function blockBytes({ resident }: Resampling, { byteLength }: Pixels): number {
  if (resident !== undefined) return BLOCK_BYTES;
  const { least, most } = STREAMED_BYTES;
  return Math.max(least, Math.min(most, byteLength * STREAMED_PART));
}

interface BlockRun {
  readonly map: IndexMap;
  readonly run: ResampleRun;
  readonly shape: ResampleShape;
  readonly data: Pixels;
  /** Size of the output, x y z; of points their number, 1, 1. */
  readonly whole: readonly number[];
  readonly block: Block;
  readonly progress: ((fraction: number) => void) | undefined;
}

async function executeBlock(resampling: Resampling, blockRun: BlockRun): Promise<void> {
  const { heap, pool } = resampling.engine;
  const { data, shape, whole, block, progress } = blockRun;
  using held = holdOn(heap);
  const voxels = voxelCount(block.size);
  const out = held.allocate(voxels * shape.planes * data.BYTES_PER_ELEMENT);
  const job = held.allocate(JOB_BYTES);
  const described = describeJob(resampling, blockRun, out, held);
  encodeJob(viewOf(heap, job, JOB_BYTES), described);
  await pool.execute(job, { kernel: 'work', signal: blockRun.run.signal, progress });
  for (let plane = 0; plane < shape.planes; plane++) {
    const from = out + plane * voxels * data.BYTES_PER_ELEMENT;
    copyOut(heap, from, data, {
      at: plane * shape.samples + blockOffset(block, whole),
      count: voxels,
    });
  }
}

function describeJob(
  { engine, operation, resident, rules, lattices }: Resampling,
  { map, run, block }: BlockRun,
  out: number,
  held: Held,
): Job {
  const dims = operation.source.grid.size.length;
  const list = pointsOf(map, run);
  const points = list === undefined ? 0 : held.allocate(block.size[0] * 24);
  const steps = writeSteps(engine, map, lattices, held);
  if (list) writePoints(engine, points, partOf(list, block, dims), dims);
  const origin = list || !('size' in run.samples) ? undefined : run.samples.start;
  const start = block.start.map((first, axis) => first + (origin?.[axis] ?? 0));
  const source =
    resident ??
    loadWindow(
      engine,
      operation.source,
      windowOf(operation, list ? undefined : map, { size: block.size, start }),
      held,
    );
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
    tile: list ? POINTS_TILE : tileSize(operation, map),
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
  const slices = source.grid.size[2];
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
