import {
  type Block,
  blockOffset,
  createBreather,
  type IndexMap,
  PIXEL_TYPES,
  type Pixels,
  pixelTypeFacts,
  planBlocks,
  type Resample,
  type ResampleRun,
  type ResampleShape,
  type SliceWindow,
  sliceWindow,
} from '@voxhost/sdk';
import type { Region } from './device-memory.js';
import { isOutOfMemory } from './driver-error.js';
import type { Engine } from './engine.js';
import { createHolder } from './holder.js';
import { LANE_BYTES, type Lane } from './lanes.js';
import type { MapParameters } from './map-parameters.js';
import { OUTPUT } from './parameters.js';
import { loadWindow, type ResidentSource } from './prepare-source.js';
import { kernelName } from './resample-rules.js';

/** Below this an output block is not halved any more for want of memory. */
const LEAST_BLOCK_BYTES = 2 ** 12;

/** What the blocks of one run share. */
export interface Work {
  readonly engine: Engine;
  readonly operation: Resample;
  /** Absent for a source that is brought to the device window by window. */
  readonly source: ResidentSource | undefined;
  /** The kernels' Rules. */
  readonly rules: Uint8Array;
  readonly map: IndexMap;
  readonly parameters: MapParameters;
  readonly data: Pixels;
  readonly shape: ResampleShape;
  /** Of the whole output, as of a volume; of a list its length, 1, 1. */
  readonly size: readonly number[];
  readonly start: readonly number[];
  readonly isList: boolean;
}

/**
 * Computes an output in blocks as large as the lanes, or smaller where there is no room for that. For who has the
 * lanes. Throws the driver's error.
 */
export async function executeBlocks(work: Work, run: ResampleRun): Promise<void> {
  const { shape } = work;
  if (shape.samples === 0) return;
  const perVoxel = bytesPerVoxel(work);
  let bytes = Math.max(perVoxel, Math.min(LANE_BYTES, perVoxel * shape.samples));
  for (;;) {
    try {
      return await executeAll(work, run, bytes);
    } catch (error) {
      if (!isOutOfMemory(error) || bytes / 2 < Math.max(perVoxel, LEAST_BLOCK_BYTES)) throw error;
      bytes = Math.floor(bytes / 2);
    }
  }
}

const bytesPerVoxel = ({ operation, shape }: Work): number =>
  shape.planes * pixelTypeFacts(operation.pixelType).bytes;

/** Two blocks are under way at a time: one is computed while the other is copied to the host. */
async function executeAll(work: Work, run: ResampleRun, bytes: number): Promise<void> {
  const { engine, source, size } = work;
  using held = createHolder();
  const region = held.add(engine.memory.take(bytes));
  const regions = [region, source === undefined ? region : held.add(engine.memory.take(bytes))];
  const blocks = planBlocks(size, Math.floor(bytes / bytesPerVoxel(work)));
  const breathe = createBreather(run);
  const pending: (Block | undefined)[] = [undefined, undefined];
  for (const [i, block] of blocks.entries()) {
    const which = i % 2;
    const lane = engine.lanes.both[which];
    await finish(work, lane, pending[which]);
    await breathe(i / blocks.length);
    if (source === undefined) {
      await executeWindow(work, lane, regions[which], block);
      continue;
    }
    compute(work, source, { lane, region: regions[which], block });
    pending[which] = block;
  }
  for (const which of [blocks.length % 2, (blocks.length + 1) % 2]) {
    await finish(work, engine.lanes.both[which], pending[which]);
  }
}

/** One block with what it looks at of a source that has no room as a whole; nothing else is under way. */
async function executeWindow(work: Work, lane: Lane, region: Region, block: Block): Promise<void> {
  const { engine, operation } = work;
  using window = await loadWindow(engine, operation.source, windowOf(work, block));
  compute(work, window.value, { lane, region, block });
  await finish(work, lane, block);
}

/** Points may lie anywhere. */
function windowOf({ operation, map, start, isList }: Work, block: Block): SliceWindow {
  const { source, boundary } = operation;
  const slices = source.grid.size[2];
  if (isList) return { first: 0, count: slices };
  const absolute = { size: block.size, start: startOf(block, start) };
  return sliceWindow(map, absolute, slices, boundary.kind);
}

const startOf = (block: Block, start: readonly number[]): readonly number[] =>
  block.start.map((first, axis) => first + start[axis]);

interface Place {
  readonly lane: Lane;
  readonly region: Region;
  readonly block: Block;
}

function compute(work: Work, source: ResidentSource, { lane, region, block }: Place): void {
  const { engine, operation, rules, parameters, isList } = work;
  const [x, y, z] = block.size;
  const output = OUTPUT.pack({
    address: region.address,
    start: startOf(block, work.start),
    planeStride: x * y * z,
    size: block.size,
    pixel: PIXEL_TYPES.indexOf(operation.pixelType),
  });
  const map = parameters.parametersAt(isList ? block.start[0] : 0);
  const kernel = kernelName(operation, parameters.kind);
  const slices = Math.ceil(z / SLICES_PER_THREAD);
  engine.launch(kernel, [source.parameters, rules, map, output], [x, y, slices], lane.stream);
  engine.driver.toHost(lane.pinned, region.address, x * y * z * bytesPerVoxel(work), lane.stream);
}

/** As in kernels/resample.h. */
const SLICES_PER_THREAD = 4;

/** Waits for a lane's block and puts its planes where they belong. */
async function finish(work: Work, lane: Lane, block: Block | undefined): Promise<void> {
  if (block === undefined) return;
  await work.engine.lanes.drained(lane);
  const { data, shape, size } = work;
  const bytes = block.size[0] * block.size[1] * block.size[2] * data.BYTES_PER_ELEMENT;
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let plane = 0; plane < shape.planes; plane++) {
    const part = lane.pinned.bytes.subarray(plane * bytes, (plane + 1) * bytes);
    target.set(part, (plane * shape.samples + blockOffset(block, size)) * data.BYTES_PER_ELEMENT);
  }
}
