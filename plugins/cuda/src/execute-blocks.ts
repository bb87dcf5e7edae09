import {
  type Block,
  createBreather,
  PIXEL_TYPES,
  type Pixels,
  pixelTypeFacts,
  planBlocks,
  type Resample,
  type ResampleRun,
  type ResampleShape,
} from '@voxhost/sdk';
import type { Engine } from './engine.js';
import type { Part, Places } from './execute-parts.js';
import { createHolder } from './holder.js';
import { LANE_BYTES, type Lane } from './lanes.js';
import { OUTPUT } from './parameters.js';
import { kernelName } from './resample-rules.js';

/** What the parts of one run share. */
export interface Work {
  readonly engine: Engine;
  readonly operation: Resample;
  /** The kernels' Rules. */
  readonly rules: Uint8Array;
  readonly data: Pixels;
  readonly shape: ResampleShape;
  readonly places: Places;
  readonly breathe: ReturnType<typeof createBreather>;
}

export const createWork = (
  resampling: Pick<Work, 'engine' | 'operation' | 'rules'>,
  output: Pick<Work, 'data' | 'shape' | 'places'>,
  run: ResampleRun,
): Work => ({ ...resampling, ...output, breathe: createBreather(run) });

/** Slices that a thread computes, as in kernels/resample.h. */
export const SLICES_PER_THREAD = 16;

/** Part of the device's bytes that a run may have, of which each of two blocks may be. */
const BLOCK_PART = 1 / 8;

/**
 * Computes a part of an output in blocks as large as the lanes, two of which are under way at a time: one is computed
 * while the other is copied to the host. For who has the lanes. Throws the driver's error.
 *
 * @param most - bytes of the device that the run may have
 */
export async function executeBlocks(work: Work, part: Part, most: number): Promise<void> {
  const { engine, breathe, shape } = work;
  const perVoxel = shape.planes * pixelTypeFacts(work.operation.pixelType).bytes;
  const wanted = perVoxel * part.block.size.reduce((product, n) => product * n, 1);
  const bytes = Math.max(perVoxel, Math.min(LANE_BYTES, wanted, most * BLOCK_PART));
  using held = createHolder();
  const regions = [held.add(engine.memory.take(bytes)), held.add(engine.memory.take(bytes))];
  const blocks = planBlocks(part.block.size, Math.floor(bytes / perVoxel));
  const pending: (Block | undefined)[] = [undefined, undefined];
  for (const [i, block] of blocks.entries()) {
    const which = i % 2;
    await finish(work, part, engine.lanes.both[which], pending[which]);
    await breathe((part.done + i / blocks.length) / part.count);
    compute(work, part, block, { lane: engine.lanes.both[which], address: regions[which].address });
    pending[which] = block;
  }
  for (const which of [blocks.length % 2, (blocks.length + 1) % 2]) {
    await finish(work, part, engine.lanes.both[which], pending[which]);
  }
}

interface Place {
  readonly lane: Lane;
  readonly address: bigint;
}

/** @param block - of the part */
function compute(work: Work, part: Part, block: Block, { lane, address }: Place): void {
  const { engine, operation, rules, places, shape, data } = work;
  const [x, y, z] = block.size;
  const first = places.kind === 'grid' ? places.start : [0, 0, 0];
  const output = OUTPUT.pack({
    address,
    start: block.start.map((n, axis) => n + part.block.start[axis] + first[axis]),
    planeStride: x * y * z,
    rowStride: x,
    sliceStride: x * y,
    size: block.size,
    pixel: PIXEL_TYPES.indexOf(operation.pixelType),
  });
  const map = part.map.parametersAt(places.kind === 'list' ? block.start[0] : 0);
  const kernel = kernelName(operation, part.map.kind);
  const extent = [x, y, Math.ceil(z / SLICES_PER_THREAD)] as const;
  engine.launch(kernel, [part.source.parameters, rules, map, output], extent, lane.stream);
  const bytes = x * y * z * shape.planes * data.BYTES_PER_ELEMENT;
  engine.driver.toHost(lane.pinned, address, bytes, lane.stream);
}

/** Waits for a lane's block and puts its planes where they belong. */
async function finish(work: Work, part: Part, lane: Lane, block: Block | undefined): Promise<void> {
  if (block === undefined) return;
  await work.engine.lanes.drained(lane);
  const { data, shape, places } = work;
  const each = data.BYTES_PER_ELEMENT;
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const voxels = block.size[0] * block.size[1] * block.size[2];
  const pieces = piecesOf(part, block, places);
  for (let plane = 0; plane < shape.planes; plane++) {
    for (const { from, to, count } of pieces) {
      const first = (plane * voxels + from) * each;
      const values = lane.pinned.bytes.subarray(first, first + count * each);
      target.set(values, (plane * shape.samples + to) * each);
    }
  }
}

/** Values of a block that stay neighbours in the output. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function piecesOf({ block: part, group }: Part, { start, size }: Block, places: Places): Piece[] {
  if (group !== undefined) {
    const which = group.subarray(start[0], start[0] + size[0]);
    return Array.from(which, (to, from) => ({ from, to, count: 1 }));
  }
  const [nx, ny] = places.kind === 'grid' ? places.size : [0, 1];
  const [x, y, z] = start.map((n, axis) => n + part.start[axis]);
  const rows = size[0] === nx || places.kind === 'list' ? size[1] : 1;
  const slices = rows === ny ? size[2] : 1;
  const count = size[0] * rows * slices;
  const pieces: Piece[] = [];
  for (let from = 0, k = z; k < z + size[2]; k += slices) {
    for (let j = y; j < y + size[1]; j += rows, from += count) {
      pieces.push({ from, to: (k * ny + j) * nx + x, count });
    }
  }
  return pieces;
}
