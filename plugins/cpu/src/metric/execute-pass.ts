import { asVolume } from '@voxhost/sdk';
import { holdOn } from '../held.js';
import { JOB_GRADIENT } from '../job-layout.js';
import { foldBoxes, planWaves, writeBoxes } from './boxes.js';
import type { Call } from './call.js';
import * as layout from './metric-layout.js';
import type { Sink } from './sink.js';
import { groupSize } from './sites.js';

/** One way over all samples. */
export interface Pass {
  /** MODE_* */
  readonly mode: number;
  /** Where slopes go; absent: nobody wants them. */
  readonly sink?: Sink | undefined;
  /** What is known of each channel, see PARAM_*. */
  readonly params?: Float64Array;
  readonly planes?: Planes;
  /** Do the bytes of the plane of valid samples decide too? */
  readonly readsValid?: boolean;
  readonly table?: Table;
  /** The part of the run's progress that this pass is. */
  readonly span?: readonly [from: number, to: number];
}

/** Addresses of one value per sample and channel, in the type of arithmetic; `valid` a byte per sample. */
export interface Planes {
  readonly moving?: number;
  /** Absent where the resident image is such a plane. */
  readonly fixed?: number;
  readonly slopes?: number;
  readonly valid?: number;
}

export interface Table {
  readonly address: number;
  readonly bins: number;
}

/** Sums that are kept apart, at most; as many threads find work. */
export const MOST_GROUPS = 128;

/** Executes a pass; the sums of each group and channel, one slot after the other. */
export async function executePass(
  call: Call,
  pass: Pass,
  most = MOST_GROUPS,
): Promise<Float64Array> {
  const { sites, subject } = call;
  const { heap } = subject.engine;
  const { channels } = subject.operation.fixed;
  using held = holdOn(heap);
  const { sink } = pass;
  const waves = sink?.kind === layout.SINK_BOXES ? planWaves(sites, sink.map) : undefined;
  const group = waves ? 1 : groupSize(sites.tiles, most);
  const bytes = Math.ceil(sites.tiles / group) * channels * layout.SLOT_BYTES;
  const slots = held.allocate(bytes);
  heap.bytes(slots, bytes).fill(0);
  const params = held.allocate(channels * layout.PARAM_BYTES);
  writeParams(call, params, pass.params);
  const common = { pass, slots, params, group };
  if (waves === undefined || sink?.kind !== layout.SINK_BOXES) {
    await executeTiles(call, { ...common, firstTile: 0, endTile: sites.tiles, boxes: 0 });
  } else {
    for (const wave of waves) {
      using inWave = holdOn(heap);
      const boxes = writeBoxes(call, wave, inWave);
      await executeTiles(call, { ...common, ...wave, boxes: boxes.address });
      await foldBoxes(call, boxes, sink, inWave);
    }
  }
  return new Float64Array(heap.memory.buffer, slots, bytes / 8).slice();
}

function writeParams({ subject }: Call, address: number, params: Float64Array | undefined): void {
  const { channels } = subject.operation.fixed;
  const length = (channels * layout.PARAM_BYTES) / 8;
  const view = new Float64Array(subject.engine.heap.memory.buffer, address, length);
  if (params === undefined) view.fill(0);
  else view.set(params);
}

interface Tiles {
  readonly pass: Pass;
  readonly slots: number;
  readonly params: number;
  readonly group: number;
  readonly firstTile: number;
  readonly endTile: number;
  readonly boxes: number;
}

async function executeTiles(call: Call, tiles: Tiles): Promise<void> {
  const { subject, run, sites, movingJob } = call;
  const { heap, pool } = subject.engine;
  using held = holdOn(heap);
  const job = held.allocate(layout.METRIC_BYTES);
  const wantsSlopes = tiles.pass.sink !== undefined;
  new Int32Array(heap.memory.buffer, movingJob + JOB_GRADIENT, 1).set([wantsSlopes ? 1 : 0]);
  new Int32Array(heap.memory.buffer, job, layout.METRIC_BYTES / 4).set(wordsOf(call, tiles));
  const [from, to] = tiles.pass.span ?? [0, 1];
  const before = tiles.firstTile / sites.tiles;
  const share = (tiles.endTile - tiles.firstTile) / sites.tiles;
  const progress =
    run.progress &&
    ((part: number) => run.progress?.(from + (to - from) * (before + share * part)));
  await pool.execute(job, { kernel: 'measure', signal: run.signal, progress });
}

/** The words of a job in the order of metric-layout.ts. */
function wordsOf(call: Call, tiles: Tiles): readonly number[] {
  const { subject, sites, movingJob, fixedJob } = call;
  const { operation, residents, fixedBins } = subject;
  const { pass } = tiles;
  const { planes = {}, table, sink } = pass;
  return [
    ...[0, 0, Math.ceil((tiles.endTile - tiles.firstTile) / tiles.group)],
    ...[movingJob, fixedJob, residents.fixed.address, residents.fixed.type, residents.fixedMask],
    ...asVolume(operation.fixed.grid.size),
    residents.movingMask,
    ...asVolume(operation.moving.grid.size),
    ...[pass.mode, sink?.kind ?? layout.SINK_NONE, operation.fixed.channels, sites.count],
    ...[tiles.firstTile, tiles.endTile, tiles.group, tiles.slots, tiles.params],
    ...[planes.moving ?? 0, planes.fixed ?? 0, planes.slopes ?? 0, planes.valid ?? 0],
    ...[pass.readsValid ? 1 : 0, residents.checks ? 1 : 0],
    ...[table?.bins ?? 0, table?.address ?? 0, sites.points === undefined ? fixedBins : 0],
    ...[tiles.boxes, sink?.kind === layout.SINK_COTANGENTS ? sink.cotangents : 0],
  ];
}

/** Σ over the groups of the numbers of each channel's slot. */
export function sumSlots(slots: Float64Array, channels: number): readonly Float64Array[] {
  const width = layout.SLOT_BYTES / 8;
  const sums = Array.from({ length: channels }, () => new Float64Array(width));
  for (let slot = 0; slot * width < slots.length; slot++) {
    const sum = sums[slot % channels];
    for (let i = 0; i < width; i++) sum[i] += slots[slot * width + i];
  }
  return sums;
}
