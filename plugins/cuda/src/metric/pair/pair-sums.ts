import type { AffineMap, Block, Metric } from '@voxhost/sdk';
import type { Region } from '../../device-memory.js';
import { NoRoomError } from '../../driver-error.js';
import type { Engine } from '../../engine.js';
import { createHolder } from '../../holder.js';
import { AFFINE_MAP, CHUNKS, FOLD, ROWS } from '../../parameters.js';
import { type Box, boxVolume, type Spans, type Stretch } from '../../parts/box.js';
import { mapBounds } from '../../parts/map-bounds.js';
import { neededSamples } from '../../parts/needed-samples.js';
import { planBoxes } from '../../parts/plan-parts.js';
import { download } from '../download.js';
import { THREADS } from '../tiles.js';
import { CHUNK, type Cut, chunksOf, groupOf, product, spansOf } from './chunks.js';
import {
  bytesOfPair,
  loadPair,
  type PairBoxes,
  type PairSubject,
  wholeBoxes,
} from './pair-sides.js';

/** Two images that are compared under affines, and what of them stays on the device between runs. */
export interface Pair extends Disposable {
  readonly engine: Engine;
  readonly subject: PairSubject;
  /** The kernels' Pair of both as a whole; brings them there when it is first asked. Throws the driver's error. */
  whole(): Promise<Uint8Array>;
  /** Memory for one use of runs, which the next run has too: to take and free it would cost as much as a kernel. Throws the driver's error. */
  room(use: RoomUse, bytes: number): bigint;
}

/** What runs of a pair have memory for: each its own, at least as large as it was ever asked for. */
export type RoomUse = 'planes' | 'sums' | 'slopes' | 'few' | 'table';

export function createPair(engine: Engine, subject: PairSubject): Pair {
  let held: Disposable | undefined;
  let packed: Uint8Array | undefined;
  const rooms = new Map<RoomUse, Region>();
  return {
    engine,
    subject,
    async whole() {
      if (packed !== undefined) return packed;
      using holder = createHolder();
      const loaded = await loadPair(engine, subject, wholeBoxes(subject.operation), holder);
      held = holder.handOn();
      packed = loaded;
      return loaded;
    },
    room(use, bytes) {
      const there = rooms.get(use);
      if (there !== undefined && there.bytes >= bytes) return there.address;
      there?.[Symbol.dispose]();
      rooms.delete(use);
      const taken = engine.memory.take(bytes);
      rooms.set(use, taken);
      return taken.address;
    },
    [Symbol.dispose]() {
      held?.[Symbol.dispose]();
      for (const each of rooms.values()) each[Symbol.dispose]();
      [held, packed] = [undefined, undefined];
      rooms.clear();
    },
  };
}

/** One way over all samples of a pair. */
export interface PairWay {
  readonly map: AffineMap;
  /** Bytes of the device that the run may have; Infinity: both images are there as a whole. */
  readonly most: number;
  readonly signal: AbortSignal | undefined;
}

/** A kernel that visits every sample of a pair. */
export interface PairPass extends PairWay {
  readonly kernel: string;
  /** What is taken off the values; default nothing. */
  readonly shifts?: readonly [fixed: number, moving: number];
  /** The kernels' Bins, where the kernel has them. */
  readonly bins?: Uint8Array;
}

/** A pass that leaves sums of each chunk. */
export interface PairSumming extends PairPass {
  readonly columns: number;
}

/** Sums over all samples of the fixed grid, in the same order whatever parts of the images are there at a time. */
export async function sumPair(pair: Pair, summing: PairSumming): Promise<Float64Array> {
  const { columns } = summing;
  const rows = product(chunksOf(pair.subject.operation.fixed.grid.size, CHUNK));
  const address = pair.room('sums', 8 * columns * rows);
  await passOver(pair, summing, address);
  return await addRows(pair, { address, rows, columns });
}

/** Rows of float64 on the device. */
interface SumRows {
  readonly address: bigint;
  readonly rows: number;
  readonly columns: number;
}

/** Adds them up, always in the same order. */
export async function addRows(
  pair: Pair,
  { address, rows, columns }: SumRows,
): Promise<Float64Array> {
  const { engine } = pair;
  const group = groupOf(rows);
  const sums = new Float64Array(columns * Math.ceil(rows / group));
  const few = pair.room('few', sums.byteLength);
  await engine.lanes.exclusive(async () => {
    const adding = { from: address, to: few, count: rows, columns, group };
    const threads = (THREADS * sums.length) / columns;
    const { stream } = engine.lanes.both[0];
    engine.launch('pair_rows', [ROWS.pack(adding)], [threads, 1, 1], stream);
    await download(engine, few, sums);
  });
  return addUp(sums, columns);
}

function addUp(rows: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (const [i, value] of rows.entries()) sums[i % columns] += value;
  return sums;
}

/** @param rows - where sums of chunks go; 0 for a kernel that leaves none */
export async function passOver(pair: Pair, pass: PairPass, rows: bigint): Promise<void> {
  const cutting = { chunk: CHUNK, reach: [0, 0, 0], bytesPerSample: 0 };
  await overParts(pair, pass, cutting, (part) => launch(pair, pass, rows, part));
}

/** How a pair is cut where it has no room as a whole. */
export interface Cutting extends Omit<Cut, 'size'> {
  /** Bytes that are wanted for each sample of the fixed image, beside the images. */
  readonly bytesPerSample: number;
}

/** What of a pair is on the device. */
export interface PairPart {
  /** The kernels' Pair. */
  readonly packed: Uint8Array;
  readonly boxes: PairBoxes;
  /** Of chunks. */
  readonly block: Block;
  /** Memory for what is made of the part, as long as it is there. Throws the driver's error. */
  room(bytes: number): bigint;
}

/** Calls with every part in order, for who then has the lanes; all is done when it resolves. */
export async function overParts(
  pair: Pair,
  { map, most, signal }: PairWay,
  { bytesPerSample, ...cutting }: Cutting,
  use: (part: PairPart) => void,
): Promise<void> {
  const { engine, subject } = pair;
  const { operation } = subject;
  const cut = { ...cutting, size: operation.fixed.grid.size };
  const size = chunksOf(cut.size, cut.chunk);
  if (most === Number.POSITIVE_INFINITY) {
    const packed = await pair.whole();
    const block = { start: [0, 0, 0], size };
    const boxes = wholeBoxes(operation);
    await engine.lanes.exclusive(async () =>
      use({ packed, boxes, block, room: (bytes) => pair.room('planes', bytes) }),
    );
    return;
  }
  const boxesOf = (block: Block): PairBoxes => pairBoxes(operation, map, spansOf(block, cut));
  const fits = (block: Block): boolean => {
    const boxes = boxesOf(block);
    const own = bytesPerSample * boxVolume(boxes.fixed);
    return bytesOfPair(subject, boxes) + own <= most * PART;
  };
  const blocks = planBoxes(size, fits);
  if (blocks === undefined) throw new NoRoomError(most);
  for (const block of blocks) {
    signal?.throwIfAborted();
    using held = createHolder();
    const boxes = boxesOf(block);
    const packed = await loadPair(engine, subject, boxes, held);
    await engine.lanes.exclusive(async () => {
      use({ packed, boxes, block, room: (bytes) => held.add(engine.memory.take(bytes)).address });
      await engine.lanes.drained(engine.lanes.both[0]);
    });
  }
}

/** Part of the bytes of a run that its images, and what is made of them, may have. */
const PART = 3 / 4;

/** Samples on either side of a position that it looks at, and one for rounding. */
const REACH = 2;

function pairBoxes({ moving }: Metric, map: AffineMap, spans: Spans): PairBoxes {
  const { positions } = mapBounds([map], spans);
  const along = (axis: 0 | 1 | 2): Stretch => {
    const { low, high } = positions[axis];
    return neededSamples(
      { low: low - REACH, high: high + REACH },
      moving.grid.size[axis],
      FOLD.clamp,
    );
  };
  const [x, y, z] = spans.map(({ low, high }) => ({ first: low, count: high - low + 1 }));
  const fixed: Box = [x, y, z];
  return { fixed, moving: [along(0), along(1), along(2)] };
}

/** For who has the lanes. */
function launch(
  { engine, subject }: Pair,
  { kernel, map, shifts: [fixedShift, movingShift] = [0, 0], bins }: PairPass,
  rows: bigint,
  { packed, block }: PairPart,
): void {
  const { size } = subject.operation.fixed.grid;
  const chunks = CHUNKS.pack({ rows, fixedShift, movingShift, size, start: block.start });
  const structs = [packed, AFFINE_MAP.pack({ matrix: map.matrix }), chunks];
  const [x, y, z] = block.size;
  const extent = [x * CHUNK[0], y * CHUNK[1], z] as const;
  const [{ stream }] = engine.lanes.both;
  engine.launch(kernel, bins === undefined ? structs : [...structs, bins], extent, stream);
}
