import {
  asVolume,
  type Block,
  type IndexMap,
  outputOf,
  PIXEL_TYPES,
  type Pixels,
  type PreparedParts,
  planBlocks,
  type Resample,
  type Resampled,
  type ResampleRun,
  type ResampleShape,
  requireFiniteForSpline,
  requireResampleRun,
  voxelCount,
} from '@voxhost/sdk';
import { blockVoxels, MOST_BLOCK_BYTES, withShortFirst } from './block-voxels.js';
import { createWindows, type WindowsOf } from './block-windows.js';
import type { IndexRange } from './bricks/index-box.js';
import type { Brick } from './bricks/weigh-brick.js';
import { coefficientsOf, isWide } from './coefficients.js';
import { viewOf } from './copy.js';
import { copyBoxOut } from './copy-box.js';
import { encodeJob, type Job, type ResidentSource } from './encode-job.js';
import type { Engine } from './engine.js';
import { type Held, holdOn } from './held.js';
import { JOB_BYTES } from './job-layout.js';
import { createLatticeCopies, type LatticeCopies } from './lattices.js';
import { isStreamed } from './limits.js';
import { loadSource } from './load-source.js';
import { planSource, wholeSource } from './plan-source.js';
import { prepareSource } from './prepare-source.js';
import { createRetired, type Retired } from './retired.js';
import { type SamplingRules, samplingRules } from './sampling-rules.js';
import { createSliceCopy } from './slice-copy.js';
import { isBoundByCopies, POINTS_TILE, spreadTile, tileSize } from './tile-size.js';
import { progressOver, type UnderWay, underWay } from './under-way.js';
import { type KeptSteps, keepSteps, loadSteps, type StepList, writePoints } from './write-map.js';

interface Resampling {
  readonly engine: Engine;
  readonly operation: Resample;
  /** Absent for a source that stays with the caller. */
  readonly resident: HeldSource | undefined;
  readonly rules: SamplingRules;
  readonly lattices: LatticeCopies;
}

/** A source that stays in the workers' memory. */
interface HeldSource {
  readonly source: ResidentSource;
  /** Brings what was not looked at yet. */
  bring(window: IndexRange, signal: AbortSignal | undefined): Promise<void>;
}

/**
 * Takes memory for the source, where it stays for all runs: at once what is filtered, else when it is looked at. One that
 * stays with the caller is left to the runs.
 */
export async function prepareResample(
  engine: Engine,
  operation: Resample,
  signal: AbortSignal | undefined,
): Promise<PreparedParts<'resample'>> {
  const isLeft = isStreamed(operation, engine.limits);
  if (isLeft) requireFiniteForSpline(operation);
  const resident = isLeft ? undefined : await holdSource(engine, operation, signal);
  const rules = samplingRules(operation.interpolator, operation.boundary);
  const lattices = createLatticeCopies(engine.heap);
  const resampling: Resampling = { engine, operation, resident, rules, lattices };
  return {
    run: (map, run) => executeRun(resampling, map, run),
    dispose() {
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

/** A part of the output, of a source that is held, or with what it looks at of one that stays with the caller. */
type Part =
  | {
      readonly kind: 'block';
      readonly block: Block;
      readonly resident: HeldSource;
      readonly steps: KeptSteps;
      readonly windowsOf: WindowsOf;
    }
  | { readonly kind: 'brick'; readonly block: Block; readonly brick: Brick };

interface PartRun {
  readonly map: IndexMap;
  readonly run: ResampleRun;
  readonly shape: ResampleShape;
  readonly data: Pixels;
  /** Size of the output, x y z; of points their number, 1, 1. */
  readonly whole: readonly number[];
  /** Absolute output index of the first voxel. */
  readonly origin: readonly number[];
  readonly list: Float64Array | undefined;
  readonly tile: readonly number[];
  /** Until the run ends. */
  readonly held: Held;
  /** The run's, of parts that were copied to the caller. */
  readonly retired: Retired;
  /** Do several threads have blocks at once? */
  readonly isShared: boolean;
  /** Is it for the thread that asks? */
  readonly isOwn: boolean;
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
  const list = pointsOf(map, run);
  const whole = 'size' in run.samples && !list ? asVolume(run.samples.size) : [shape.samples, 1, 1];
  const start = 'size' in run.samples && !list ? run.samples.start : undefined;
  const origin = whole.map((_, axis) => start?.[axis] ?? 0);
  const isOwn = !list && isBoundByCopies(operation, map);
  const { threads } = resampling.engine.pool;
  const largest = list ? POINTS_TILE : tileSize(operation, map, threads);
  const tile = isOwn ? largest : spreadTile(largest, whole, threads);
  const isShared = resampling.resident !== undefined && threads > 1 && !isOwn;
  using held = holdOn(resampling.engine.heap);
  using retired = createRetired(isShared ? MOST_BLOCK_BYTES : 0);
  const partRun: PartRun = {
    ...{ map, run, shape, data, whole, origin, list, tile },
    ...{ held, retired, isShared, isOwn },
  };
  const parts = await partsOf(resampling, partRun);
  const report = run.progress && progressOver(parts.length, run.progress);
  await underWay(parts, isShared ? 2 : 1, (part, n) =>
    beginPart(resampling, partRun, part, report?.(n)),
  );
  resampling.lattices.trim();
  run.progress?.(1);
  return { data };
}

async function partsOf(resampling: Resampling, partRun: PartRun): Promise<readonly Part[]> {
  const { engine, operation, resident, lattices } = resampling;
  const { map, run, shape, data, whole, origin, list, tile, held, isShared } = partRun;
  const bytesPerVoxel = shape.planes * data.BYTES_PER_ELEMENT;
  if (resident) {
    const most = blockVoxels(whole, tile, bytesPerVoxel);
    const equal = planBlocks(whole, most);
    const blocks = isShared && !list ? withShortFirst(equal, tile) : equal;
    const windowsOf = await createWindows(operation, map, blocks.length > 1, run);
    const steps = keepSteps(engine, map, { lattices, held });
    return blocks.map((block) => ({ kind: 'block', block, resident, steps, windowsOf }));
  }
  if (list) {
    const all = { size: whole, start: whole.map(() => 0) };
    return [{ kind: 'brick', block: all, brick: wholeSource(operation, map, all) }];
  }
  const asked = { size: whole, start: origin, bytesPerVoxel };
  const bricks = await planSource(operation, { map, run, asked, limits: engine.limits });
  return bricks.map((brick) => ({ kind: 'brick', block: brick.block, brick }));
}

type Progress = ((fraction: number) => void) | undefined;

/** Brings what a part needs and puts the workers to it. */
async function beginPart(
  resampling: Resampling,
  partRun: PartRun,
  part: Part,
  progress: Progress,
): Promise<UnderWay> {
  const { heap } = resampling.engine;
  const { data, shape } = partRun;
  const held = holdOn(heap);
  try {
    const bytes = voxelCount(part.block.size) * shape.planes * data.BYTES_PER_ELEMENT;
    const job = held.allocate(JOB_BYTES + bytes);
    const out = job + JOB_BYTES;
    const described = await describeJob(resampling, partRun, part, { out, held });
    encodeJob(viewOf(heap, job, JOB_BYTES), described);
    return { ended: endPart(resampling, partRun, part.block, { job, out, held, progress }) };
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

interface Begun {
  readonly job: number;
  readonly out: number;
  readonly held: Held;
  readonly progress: Progress;
}

/** Waits for the workers, and copies what they left to the caller while they are at the next part. */
async function endPart(
  { engine: { heap, pool } }: Resampling,
  { data, shape, whole, retired, isOwn, run: { signal } }: PartRun,
  { size, start }: Block,
  { job, out, held, progress }: Begun,
): Promise<void> {
  const box = size.map((count, axis) => ({ first: start[axis], count }));
  const planes = { data, size: whole, channels: shape.planes };
  try {
    await pool.execute(job, { kernel: 'work', signal, progress, series: retired, isOwn });
    await copyBoxOut(heap, planes, { address: out, box }, signal);
    progress?.(1);
  } finally {
    retired.retire(held, voxelCount(size) * shape.planes * data.BYTES_PER_ELEMENT);
  }
}

async function describeJob(
  resampling: Resampling,
  partRun: PartRun,
  part: Part,
  { out, held }: { readonly out: number; readonly held: Held },
): Promise<Job> {
  const { engine, operation, rules } = resampling;
  const { list, origin, tile } = partRun;
  const { size, start } = part.block;
  const dims = operation.source.grid.size.length;
  const points = list === undefined ? 0 : held.allocate(size[0] * 24);
  if (list) writePoints(engine, points, partOf(list, part.block, dims), dims);
  const block = { size, start: start.map((first, axis) => first + origin[axis]) };
  return {
    dims,
    channels: operation.source.channels,
    gradient: operation.gradient,
    wide: isWide(operation),
    ...(await bringTo(resampling, partRun, { ...part, block }, held)),
    rules,
    output: { address: out, type: PIXEL_TYPES.indexOf(operation.pixelType), ...block },
    tile,
    points,
  };
}

/** The steps of the map and the source, as far as a part, whose block is absolute, needs them. */
async function bringTo(
  { engine, operation, lattices }: Resampling,
  { map, run: { signal }, list }: PartRun,
  part: Part,
  held: Held,
): Promise<{ steps: StepList; source: ResidentSource }> {
  if (part.kind === 'brick') {
    const steps = await loadSteps(engine, map, part.brick, { lattices, held, signal });
    return { steps, source: await loadSource(engine, operation, part.brick, { held, signal }) };
  }
  const windows = part.windowsOf(list ? undefined : part.block);
  await part.steps.bring(windows.lattices, signal);
  await part.resident.bring(windows.source, signal);
  return { steps: part.steps.list, source: part.resident.source };
}

function pointsOf(map: IndexMap, { samples }: ResampleRun): Float64Array | undefined {
  if (map.kind === 'points') return map.positions;
  return 'points' in samples ? samples.points : undefined;
}

const partOf = (points: Float64Array, { start, size }: Block, dims: number): Float64Array =>
  points.subarray(start[0] * dims, (start[0] + size[0]) * dims);
