import type { AffineMap, Block, Metric } from '@voxhost/sdk';
import { NoRoomError } from '../../driver-error.js';
import type { Engine } from '../../engine.js';
import { createHolder } from '../../holder.js';
import { AFFINE_MAP, CHUNKS, FOLD, ROWS } from '../../parameters.js';
import type { Box, Spans, Stretch } from '../../parts/box.js';
import { mapBounds } from '../../parts/map-bounds.js';
import { neededSamples } from '../../parts/needed-samples.js';
import { planBoxes } from '../../parts/plan-parts.js';
import { download } from '../download.js';
import { THREADS } from '../tiles.js';
import { CHUNK, chunksOf, groupOf, product, spansOf } from './chunks.js';
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
}

export function createPair(engine: Engine, subject: PairSubject): Pair {
  let held: Disposable | undefined;
  let packed: Uint8Array | undefined;
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
    [Symbol.dispose]() {
      held?.[Symbol.dispose]();
      held = undefined;
      packed = undefined;
    },
  };
}

/** A kernel that visits every sample of a pair. */
export interface PairPass {
  readonly kernel: string;
  readonly map: AffineMap;
  /** What is taken off the values; default nothing. */
  readonly shifts?: readonly [fixed: number, moving: number];
  /** The kernels' Bins, where the kernel has them. */
  readonly bins?: Uint8Array;
  /** Bytes of the device that the run may have; Infinity: both images are there as a whole. */
  readonly most: number;
  readonly signal: AbortSignal | undefined;
}

/** A pass that leaves sums of each chunk. */
export interface PairSumming extends PairPass {
  readonly columns: number;
}

/** Sums over all samples of the fixed grid, in the same order whatever parts of the images are there at a time. */
export async function sumPair(pair: Pair, summing: PairSumming): Promise<Float64Array> {
  const { engine, subject } = pair;
  const { columns } = summing;
  const rows = product(chunksOf(subject.operation.fixed.grid.size));
  const group = groupOf(rows);
  const sums = new Float64Array(columns * Math.ceil(rows / group));
  using all = engine.memory.take(8 * columns * rows);
  using few = engine.memory.take(sums.byteLength);
  await passOver(pair, summing, all.address);
  await engine.lanes.exclusive(async () => {
    const adding = { from: all.address, to: few.address, count: rows, columns, group };
    const threads = (THREADS * sums.length) / columns;
    const { stream } = engine.lanes.both[0];
    engine.launch('pair_rows', [ROWS.pack(adding)], [threads, 1, 1], stream);
    await download(engine, few.address, sums);
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
  const { engine, subject } = pair;
  const { map, most, signal } = pass;
  const size = subject.operation.fixed.grid.size;
  if (most === Number.POSITIVE_INFINITY) {
    const whole = { start: [0, 0, 0], size: chunksOf(size) };
    const packed = await pair.whole();
    await engine.lanes.exclusive(async () => launch(pair, pass, { rows, packed, block: whole }));
    return;
  }
  const boxesOf = (block: Block): PairBoxes =>
    pairBoxes(subject.operation, map, spansOf(block, size));
  const fits = (block: Block): boolean => bytesOfPair(subject, boxesOf(block)) <= most * INPUT_PART;
  const blocks = planBoxes(chunksOf(size), fits);
  if (blocks === undefined) throw new NoRoomError(most);
  for (const block of blocks) {
    signal?.throwIfAborted();
    using held = createHolder();
    const packed = await loadPair(engine, subject, boxesOf(block), held);
    await engine.lanes.exclusive(async () => {
      launch(pair, pass, { rows, packed, block });
      await engine.lanes.drained(engine.lanes.both[0]);
    });
  }
}

/** Part of the bytes of a run that its images may have. */
const INPUT_PART = 3 / 4;

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

interface PairLaunch {
  readonly rows: bigint;
  readonly packed: Uint8Array;
  /** Of chunks. */
  readonly block: Block;
}

/** For who has the lanes. */
function launch(
  { engine, subject }: Pair,
  { kernel, map, shifts: [fixedShift, movingShift] = [0, 0], bins }: PairPass,
  { rows, packed, block }: PairLaunch,
): void {
  const { size } = subject.operation.fixed.grid;
  const chunks = CHUNKS.pack({ rows, fixedShift, movingShift, size, start: block.start });
  const structs = [packed, AFFINE_MAP.pack({ matrix: map.matrix }), chunks];
  const [x, y, z] = block.size;
  const extent = [x * CHUNK[0], y * CHUNK[1], z] as const;
  const [{ stream }] = engine.lanes.both;
  engine.launch(kernel, bins === undefined ? structs : [...structs, bins], extent, stream);
}
