import { asVolume } from '@voxhost/sdk';
import { holdOn } from '../held.js';
import { SCRATCH_BYTES } from '../job-layout.js';
import type { Kernel } from '../messages.js';
import type { Call } from './call.js';
import * as layout from './local-layout.js';

/** Addresses of one value per sample and channel; `valid` a byte per sample; 0: not wanted. */
export interface LocalPlanes {
  readonly fixed: number;
  readonly moving: number;
  readonly valid: number;
  /** Written. */
  readonly slopes: number;
  /** Three planes for what lies between; of windows on a grid. */
  readonly windows: number;
}

/** The neighbourhoods of a run's samples. */
export interface Windows {
  /** Number of windows whose own sample counts, of a run in which so many samples count. */
  countCentres(valid: Uint8Array, samples: number): number;
  /** Σ of the figures of all windows, channel by channel; leaves the slopes of the samples, times that number. */
  correlate(planes: LocalPlanes): Promise<readonly number[]>;
}

/** Windows of one task over a list. */
const LIST_TILE = 64;
/** Voxels of one task over a grid: what is kept between slices fits a second-level cache of 1 MiB. */
const GRID_TILE = [128, 16, 64];
/** What is left of a worker's scratch memory beside its fixed parts. */
const SLIDE_BYTES = SCRATCH_BYTES - 2 ** 19;

/** @param width - samples of each window of a list; undefined for the windows of a grid */
export function windowsOf(call: Call, width: number | undefined): Windows {
  return width === undefined ? gridWindows(call) : listWindows(call, width);
}

function gridWindows(call: Call): Windows {
  const { operation, options } = call.subject;
  const size = asVolume(operation.fixed.grid.size);
  const radius = size.map((n, axis) => Math.min(options.radius[axis] ?? 0, n - 1));
  const tile = tileFor(radius);
  const tiles = size.reduce((n, length, axis) => n * Math.ceil(length / tile[axis]), 1);
  const task = { size, radius, tile, count: 0, width: 0, tiles };
  return {
    countCentres: (_valid, samples) => samples,
    async correlate(planes) {
      const sums = await execute(call, 'correlate', task, planes);
      if (planes.slopes !== 0) await execute(call, 'gatherSlopes', task, planes);
      return sums;
    },
  };
}

function listWindows(call: Call, width: number): Windows {
  const count = call.sites.count / width;
  const middle = (width - 1) / 2;
  const none = [0, 0, 0];
  const tiles = Math.ceil(count / LIST_TILE);
  const task = { size: none, radius: none, tile: [LIST_TILE, 0, 0], count, width, tiles };
  return {
    countCentres(valid) {
      let sum = 0;
      for (let at = middle; at < valid.length; at += width) sum += valid[at];
      return sum;
    },
    correlate: (planes) => execute(call, 'correlateLists', task, planes),
  };
}

/** Halved until what is kept fits. */
function tileFor([rx, ry, rz]: readonly number[]): readonly number[] {
  let [x, y] = GRID_TILE;
  const bytes = (): number =>
    8 * layout.MOMENTS * (2 * (x + 2 * rx + 24) + (x + 16) * (2 * ry + 4 + y * (2 * rz + 2)));
  while (bytes() > SLIDE_BYTES && (x > 1 || y > 1)) {
    if (y >= x / 2) y = Math.ceil(y / 2);
    else x = Math.ceil(x / 2);
  }
  return [x, y, GRID_TILE[2]];
}

interface Task {
  readonly size: readonly number[];
  readonly radius: readonly number[];
  readonly tile: readonly number[];
  readonly count: number;
  readonly width: number;
  /** Of one channel. */
  readonly tiles: number;
}

async function execute(
  { subject, isWide, run }: Call,
  kernel: Kernel,
  task: Task,
  planes: LocalPlanes,
): Promise<readonly number[]> {
  const { heap, pool } = subject.engine;
  const { fixedSurvey, movingSurvey } = subject.residents;
  const channels = fixedSurvey.channels.length;
  using held = holdOn(heap);
  const sums = held.allocate(channels * task.tiles * 8);
  const shifts = held.allocate(channels * 16);
  const job = held.allocate(layout.LOCAL_BYTES);
  new Float64Array(heap.memory.buffer, shifts, channels * 2).set(
    fixedSurvey.channels.flatMap(({ mean }, c) => [mean, movingSurvey.channels[c].mean]),
  );
  new Int32Array(heap.memory.buffer, job, layout.LOCAL_BYTES / 4).set([
    ...[0, 0, task.tiles * channels, isWide ? 1 : 0, ...task.size, ...task.radius, ...task.tile],
    ...[planes.fixed, planes.moving, planes.valid, shifts, planes.windows, planes.slopes, sums],
    ...[task.count, task.width],
  ]);
  await pool.execute(job, { kernel, signal: run.signal });
  const all = new Float64Array(heap.memory.buffer, sums, channels * task.tiles);
  return Array.from({ length: channels }, (_, channel) =>
    all.subarray(channel * task.tiles, (channel + 1) * task.tiles).reduce((a, b) => a + b, 0),
  );
}
