import {
  type Block,
  blockOffset,
  createBreather,
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
} from '@voxhost/sdk';
import type { Region } from './device-memory.js';
import { isOutOfMemory } from './driver-error.js';
import type { Engine } from './engine.js';
import { createHolder } from './holder.js';
import { LANE_BYTES, type Lane } from './lanes.js';
import { type MapParameters, prepareMap } from './map-parameters.js';
import { OUTPUT, RULES } from './parameters.js';
import { prepareSource, type ResidentSource } from './prepare-source.js';
import { asVolume, kernelName } from './resample-rules.js';
import { samplingRules } from './sampling-rules.js';

/** Below this an output block is not halved any more for want of memory. */
const LEAST_BLOCK_BYTES = 2 ** 20;

interface Resampling {
  readonly engine: Engine;
  readonly operation: Resample;
  readonly source: ResidentSource;
  /** The kernels' Rules. */
  readonly rules: Uint8Array;
}

/** Brings the source to the device, where it stays for all runs. */
export async function prepareResample(
  engine: Engine,
  operation: Resample,
  queue: RunQueue,
  signal: AbortSignal | undefined,
): Promise<Prepared<'resample'>> {
  requireFiniteForSpline(operation);
  const source = await prepareSource(engine, operation);
  if (signal?.aborted === true) source[Symbol.dispose]();
  signal?.throwIfAborted();
  const { interpolator, boundary, gradient } = operation;
  const rules = RULES.pack({
    ...samplingRules(interpolator, boundary),
    gradient: gradient ? 1 : 0,
  });
  const resampling: Resampling = { engine, operation, source: source.value, rules };
  return {
    run: (map, run) => queue.enqueue(() => executeRun(resampling, map, run)),
    async [Symbol.asyncDispose]() {
      await queue.close();
      source[Symbol.dispose]();
    },
  };
}

async function executeRun(
  resampling: Resampling,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const { engine, operation } = resampling;
  const shape = requireResampleRun(operation, map, run);
  run.signal?.throwIfAborted();
  const data = outputOf(operation, run, shape);
  const dims = operation.source.grid.size.length;
  const points = pointsOf(map, run);
  using parameters = await prepareMap(engine, map, points, dims);
  const { size, start = size.map(() => 0) } =
    points === undefined && 'size' in run.samples
      ? run.samples
      : { size: [shape.samples, 1, 1], start: [0, 0, 0] };
  const work: Work = {
    ...resampling,
    parameters,
    data,
    shape,
    size: asVolume(size),
    start: [start[0], start[1], start[2] ?? 0],
    isList: points !== undefined,
  };
  await engine.lanes.exclusive(() => executeBlocks(work, run));
  run.progress?.(1);
  return { data };
}

/** All that the blocks of one run share. */
interface Work extends Resampling {
  readonly parameters: MapParameters;
  readonly data: Pixels;
  readonly shape: ResampleShape;
  /** Of the whole output, as of a volume; of a list its length, 1, 1. */
  readonly size: readonly number[];
  readonly start: readonly number[];
  readonly isList: boolean;
}

/** Two blocks are under way at a time: one is computed while the other is copied to the host. */
async function executeBlocks(work: Work, run: ResampleRun): Promise<void> {
  const { engine, operation, shape, size } = work;
  if (shape.samples === 0) return;
  const perVoxel = shape.planes * pixelTypeFacts(operation.pixelType).bytes;
  using outputs = takeOutputs(engine, perVoxel, perVoxel * shape.samples);
  const blocks = planBlocks(size, Math.floor(outputs.bytes / perVoxel));
  const breathe = createBreather(run);
  const pending: (Block | undefined)[] = [undefined, undefined];
  for (const [i, block] of blocks.entries()) {
    const which = i % 2;
    const lane = engine.lanes.both[which];
    await finish(work, lane, pending[which]);
    await breathe(i / blocks.length);
    compute(work, lane, outputs.regions[which], block);
    pending[which] = block;
  }
  for (const which of [blocks.length % 2, (blocks.length + 1) % 2]) {
    await finish(work, engine.lanes.both[which], pending[which]);
  }
}

interface Outputs extends Disposable {
  readonly regions: readonly [Region, Region];
  readonly bytes: number;
}

/** Memory for two blocks, as large as the lanes or the whole output, or smaller where there is no room for that. */
function takeOutputs({ memory }: Engine, perVoxel: number, whole: number): Outputs {
  let bytes = Math.max(perVoxel, Math.min(LANE_BYTES, whole));
  for (;;) {
    using held = createHolder();
    try {
      const regions = [held.add(memory.take(bytes)), held.add(memory.take(bytes))] as const;
      return { regions, bytes, ...held.handOn() };
    } catch (error) {
      if (!isOutOfMemory(error) || bytes / 2 < Math.max(perVoxel, LEAST_BLOCK_BYTES)) throw error;
      bytes = Math.floor(bytes / 2);
    }
  }
}

function compute(work: Work, lane: Lane, region: Region, block: Block): void {
  const { engine, operation, source, rules, parameters, shape, isList } = work;
  const [x, y, z] = block.size;
  const voxels = x * y * z;
  const output = OUTPUT.pack({
    address: region.address,
    start: block.start.map((first, axis) => first + work.start[axis]),
    planeStride: voxels,
    size: block.size,
    pixel: PIXEL_TYPES.indexOf(operation.pixelType),
  });
  const map = parameters.parametersAt(isList ? block.start[0] : 0);
  const kernel = kernelName(operation, parameters.kind);
  const slices = Math.ceil(z / SLICES_PER_THREAD);
  engine.launch(kernel, [source.parameters, rules, map, output], [x, y, slices], lane.stream);
  const bytes = voxels * shape.planes * pixelTypeFacts(operation.pixelType).bytes;
  engine.driver.toHost(lane.pinned, region.address, bytes, lane.stream);
}

/** As in kernels/resample.h. */
const SLICES_PER_THREAD = 4;

/** Waits for a lane's block and puts its planes where they belong. */
async function finish(work: Work, lane: Lane, block: Block | undefined): Promise<void> {
  if (block === undefined) return;
  await work.engine.lanes.drained(lane);
  const { data, shape, size } = work;
  const voxels = block.size[0] * block.size[1] * block.size[2];
  const width = data.BYTES_PER_ELEMENT;
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let plane = 0; plane < shape.planes; plane++) {
    const part = lane.pinned.bytes.subarray(plane * voxels * width, (plane + 1) * voxels * width);
    target.set(part, (plane * shape.samples + blockOffset(block, size)) * width);
  }
}

function pointsOf(map: IndexMap, { samples }: ResampleRun): Float64Array | undefined {
  if (map.kind === 'points') return map.positions;
  return 'points' in samples ? samples.points : undefined;
}
