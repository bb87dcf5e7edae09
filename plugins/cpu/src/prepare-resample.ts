import {
  type IndexMap,
  outputOf,
  PIXEL_TYPES,
  type Pixels,
  type Prepared,
  pixelTypeFacts,
  type Resample,
  type Resampled,
  type ResampleRun,
  type ResampleShape,
  type RunQueue,
  requireFiniteForSpline,
  requireResampleRun,
  voxelCount,
} from '@voxhost/sdk';
import { encodeJob, type Job, type ResidentSource } from './encode-job.js';
import type { Heap } from './heap.js';
import { JOB_BYTES } from './job-layout.js';
import { encodeStep, stepBytes, stepsOf } from './map-steps.js';
import { type Block, offsetOf, planBlocks } from './plan-blocks.js';
import type { Pool } from './pool.js';
import { type SamplingRules, samplingRules } from './sampling-rules.js';

/** What computes: memory and the threads that share it. */
export interface Engine {
  readonly heap: Heap;
  readonly pool: Pool;
}

/** Output that is computed before it is copied to the caller: bounds the memory of a run. */
const BLOCK_BYTES = 2 ** 26;
const TILE = [128, 16, 16];
const POINTS_TILE = [4096, 1, 1];

interface Resampling {
  readonly engine: Engine;
  readonly operation: Resample;
  readonly dims: number;
  readonly source: ResidentSource;
  readonly rules: SamplingRules;
  readonly wide: boolean;
}

/** Copies the source to the workers' memory, where it stays for all runs. */
export function prepareResample(
  engine: Engine,
  operation: Resample,
  queue: RunQueue,
): Prepared<'resample'> {
  requireFiniteForSpline(operation);
  const { source: image, interpolator, boundary, pixelType } = operation;
  const address = copyIn(engine.heap, image.data);
  const resampling: Resampling = {
    engine,
    operation,
    dims: image.grid.size.length,
    source: {
      address,
      type: PIXEL_TYPES.indexOf(image.pixelType),
      size: asVolume(image.grid.size, 1),
      margin: 0,
    },
    rules: samplingRules(interpolator, boundary),
    wide: isWide(image.pixelType) || isWide(pixelType) || interpolator === 'label-linear',
  };
  return {
    run: (map, run) => queue.enqueue(() => executeRun(resampling, map, run)),
    async [Symbol.asyncDispose]() {
      await queue.close();
      engine.heap.release(address);
    },
  };
}

/** Types whose values float32 does not hold exactly. */
const isWide = (pixelType: Resample['pixelType']): boolean =>
  pixelTypeFacts(pixelType).bytes > 2 && pixelType !== 'float32';

const asVolume = (axes: readonly number[], third: number): readonly number[] =>
  axes.length === 2 ? [...axes, third] : axes;

async function executeRun(
  resampling: Resampling,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const shape = requireResampleRun(resampling.operation, map, run);
  run.signal?.throwIfAborted();
  const data = outputOf(resampling.operation, run, shape);
  const whole =
    map.kind === 'points' || 'points' in run.samples
      ? [shape.samples, 1, 1]
      : asVolume(run.samples.size, 1);
  const perVoxel = shape.planes * pixelTypeFacts(resampling.operation.pixelType).bytes;
  const blocks = planBlocks(whole, Math.max(1, Math.floor(BLOCK_BYTES / perVoxel)));
  for (const [done, block] of blocks.entries()) {
    const progress =
      run.progress && ((part: number) => run.progress?.((done + part) / blocks.length));
    await executeBlock(resampling, { map, run, shape, data, whole, block, progress });
  }
  run.progress?.(1);
  return { data };
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
  const held: number[] = [];
  const allocate = (bytes: number): number => {
    const address = heap.allocate(bytes);
    held.push(address);
    return address;
  };
  try {
    const { data, shape, block } = blockRun;
    const voxels = voxelCount(block.size);
    const out = allocate(voxels * shape.planes * data.BYTES_PER_ELEMENT);
    const job = allocate(JOB_BYTES);
    const described = describeJob(resampling, blockRun, out, allocate);
    encodeJob(viewOf(heap, job, JOB_BYTES), described);
    const { signal } = blockRun.run;
    await pool.execute(job, { kernel: 'work', signal, progress: blockRun.progress });
    copyOut(heap, out, blockRun);
  } finally {
    for (const address of held) heap.release(address);
  }
}

function describeJob(
  { engine: { heap }, operation, dims, source, rules, wide }: Resampling,
  { map, run, block }: BlockRun,
  out: number,
  allocate: (bytes: number) => number,
): Job {
  const steps = stepsOf(map);
  const address = allocate(stepBytes(steps.length));
  for (const [i, step] of steps.entries()) {
    encodeStep(viewOf(heap, address + stepBytes(i), stepBytes(1)), step, 0);
  }
  const list = pointsOf(map, run);
  const points = list === undefined ? 0 : allocate(block.size[0] * 24);
  if (list) writePoints(heap, points, partOf(list, block, dims), dims);
  const start = list || !('size' in run.samples) ? undefined : run.samples.start;
  return {
    dims,
    channels: operation.source.channels,
    gradient: operation.gradient,
    wide,
    source,
    rules,
    output: {
      address: out,
      type: PIXEL_TYPES.indexOf(operation.pixelType),
      size: block.size,
      start: block.start.map((first, axis) => first + (start?.[axis] ?? 0)),
    },
    tile: list ? POINTS_TILE : TILE,
    steps: { address, count: steps.length },
    points,
  };
}

function pointsOf(map: IndexMap, { samples }: ResampleRun): Float64Array | undefined {
  if (map.kind === 'points') return map.positions;
  return 'points' in samples ? samples.points : undefined;
}

const partOf = (points: Float64Array, { start, size }: Block, dims: number): Float64Array =>
  points.subarray(start[0] * dims, (start[0] + size[0]) * dims);

/** Points as x y z each; z of a picture is 0. */
function writePoints(heap: Heap, address: number, points: Float64Array, dims: number): void {
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

function copyIn(heap: Heap, pixels: Pixels): number {
  const address = heap.allocate(pixels.byteLength);
  heap.bytes(address, pixels.byteLength).set(bytesOf(pixels));
  return address;
}

function copyOut(heap: Heap, out: number, blockRun: BlockRun): void {
  const { data, shape, whole, block } = blockRun;
  const voxels = voxelCount(block.size);
  const bytes = bytesOf(data);
  const size = data.BYTES_PER_ELEMENT;
  for (let plane = 0; plane < shape.planes; plane++) {
    const from = heap.bytes(out + plane * voxels * size, voxels * size);
    bytes.set(from, (plane * shape.samples + offsetOf(block, whole)) * size);
  }
}

const bytesOf = (pixels: Pixels): Uint8Array =>
  new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);

const viewOf = (heap: Heap, address: number, length: number): DataView =>
  new DataView(heap.memory.buffer, address, length);
