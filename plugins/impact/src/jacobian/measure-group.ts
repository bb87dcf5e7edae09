import { pullback } from '@voxhost/sdk';
import { inRows, isPerSample, layerLoss, modulatorScale, type Rows } from '../combine.js';
import { overLanes } from '../session/lanes.js';
import type { Eye } from './eye.js';
import { forget, look, lookBack, type Seen } from './look.js';
import { type Patches, patchTensor } from './patches.js';
import type { Course } from './run-jacobian.js';
import { differenceSlopes, type ShiftedPatches, sampleShifted } from './shift-differences.js';

/**
 * Patches per run of a network: what a batch holds stays near the cache (where others fill it, M730 takes 173 ms for
 * 1000 patches in batches of 64, and 370 in batches of 256). A network that mixes the samples of a batch has more
 * of them to mix; their number does not depend on the call.
 */
export const CHUNK = 64;
export const MIXED_CHUNK = 256;

/** Patch voxels up to which the workers keep the forward passes of all chunks. */
const KEPT_VOXELS = 2 ** 18;

/** Some samples of a run, their patches sampled. */
interface Group {
  readonly course: Course;
  readonly patches: Patches;
  readonly shifted: ShiftedPatches | undefined;
  /** Per sample (or per patch voxel, if the map is differentiated there) and moving axis. */
  readonly slopes: Float64Array | undefined;
  readonly progress: (share: number) => void;
}

/** What a group is made of. */
interface Samples {
  readonly patches: Patches;
  /** Fixed indices of the samples. */
  readonly centres: Float64Array;
  /** Number in the run of a sample of the group. */
  readonly numberOf: (sample: number) => number;
  /** Told of each chunk that is done. */
  readonly progress: (share: number) => void;
}

/** Adds a group to the run's sums: the losses of all layers, and the derivative by the map. */
export async function measureGroup(
  course: Course,
  { patches, centres, numberOf, progress }: Samples,
): Promise<void> {
  const { jacobian, derivative, run } = course;
  if (patches.valid.length === 0) return;
  const shifted = derivative && (await sampleShifted(jacobian, patches, run));
  const slopes = derivative && new Float64Array(slopeCount(course, patches));
  const group: Group = { course, patches, shifted, slopes, progress };
  const chunks = split(patches.valid, jacobian.chunk);
  const isLocal = jacobian.layers.every(isPerSample);
  const parts = await (isLocal ? measureApart(group, chunks) : measureTogether(group, chunks));
  for (const { samples, sums } of parts) {
    course.samples += samples;
    for (const [l, sum] of sums.entries()) course.sums[l] += sum;
  }
  if (derivative !== undefined && slopes !== undefined) accumulateSlopes(group, centres, numberOf);
}

function slopeCount({ jacobian }: Course, patches: Patches): number {
  const dims = jacobian.operation.fixed.grid.size.length;
  return (jacobian.options.exactPatchJacobian ? patches.voxels : patches.samples) * dims;
}

const split = (samples: readonly number[], size: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(samples.length / size) }, (_, k) =>
    samples.slice(k * size, (k + 1) * size),
  );

const laneCount = ({ course }: Group): number => course.jacobian.eyes[0].moving.open.lanes.length;

type Chunks = readonly (readonly number[])[];

/** Each chunk forward and back on its own; the losses chunk by chunk. */
function measureApart(group: Group, chunks: Chunks): Promise<readonly Losses[]> {
  const { derivative, run } = group.course;
  let done = 0;
  return overLanes(laneCount(group), chunks, async (samples, lane) => {
    run.signal?.throwIfAborted();
    const chunk = await forward(group, { samples, lane, keep: derivative !== undefined });
    const found = losses(group, [chunk]);
    await backward(group, chunk, found.modulators);
    group.progress(++done / chunks.length);
    return found;
  });
}

/** All chunks forward, the losses over all, then all chunks backward; what is too much to keep is run twice. */
async function measureTogether(group: Group, chunks: Chunks): Promise<readonly Losses[]> {
  const { course, patches } = group;
  const wantsBack = course.derivative !== undefined;
  const keeps = wantsBack && patches.valid.length * course.jacobian.voxelsPerSample <= KEPT_VOXELS;
  const kept: Chunk[] = [];
  try {
    const done = await overLanes(laneCount(group), chunks, async (samples, lane) => {
      course.run.signal?.throwIfAborted();
      const chunk = await forward(group, { samples, lane, keep: keeps });
      kept.push(chunk);
      return chunk;
    });
    const found = losses(group, done);
    const { modulators } = found;
    if (modulators !== undefined) await backwardAll(group, done, { keeps, modulators });
    return [found];
  } catch (error) {
    await Promise.all(kept.map((chunk) => forgetChunk(group, chunk)));
    throw error;
  }
}

/** A chunk's kept passes lie with its lane, so every lane takes its own chunks. */
async function backwardAll(
  group: Group,
  chunks: readonly Chunk[],
  { keeps, modulators }: { keeps: boolean; modulators: readonly Float64Array[] },
): Promise<void> {
  const { layers } = group.course.jacobian;
  const lanes = Array.from({ length: laneCount(group) }, (_, lane) => lane);
  const firsts = chunks.map((_, c) => chunks.slice(0, c).reduce((n, k) => n + k.samples.length, 0));
  await overLanes(lanes.length, lanes, async (lane) => {
    for (const [c, chunk] of chunks.entries()) {
      if (chunk.lane !== lane) continue;
      group.course.run.signal?.throwIfAborted();
      const part = modulators.map((all, l) => {
        const { channels } = layers[l];
        const first = firsts[c] * channels;
        return all.subarray(first, first + chunk.samples.length * channels);
      });
      const again = keeps ? chunk : await forward(group, { ...chunk, keep: true });
      await backward(group, again, part);
    }
  });
}

/** Some samples, seen by every eye. */
interface Chunk {
  readonly samples: readonly number[];
  readonly lane: number;
  readonly seen: readonly Seen[];
  /** Per layer of all eyes. */
  readonly rows: readonly Rows[];
}

interface Pass {
  readonly samples: readonly number[];
  readonly lane: number;
  readonly keep: boolean;
}

/** Samples whose features are not finite are not valid: the others are seen again without them. */
async function forward(group: Group, pass: Pass): Promise<Chunk> {
  const { samples } = pass;
  if (samples.length === 0) return nothingSeen(group, pass);
  const chunk = await forwardAll(group, pass);
  const good = samples.filter((_, i) =>
    chunk.rows.every((rows) => isSound(rows, i, samples.length)),
  );
  if (good.length === samples.length) return chunk;
  await forgetChunk(group, chunk);
  return forward(group, { ...pass, samples: good });
}

/** Are all features of a sample numbers? */
function isSound({ fixed, moving }: Rows, i: number, samples: number): boolean {
  const width = fixed.length / samples;
  const isFine = (rows: Float32Array) =>
    rows.subarray(i * width, (i + 1) * width).every(Number.isFinite);
  return isFine(fixed) && isFine(moving);
}

function nothingSeen({ course }: Group, { samples, lane }: Pass): Chunk {
  const none = new Float32Array(0);
  const rows = course.jacobian.layers.map(() => ({ fixed: none, moving: none }));
  return { samples, lane, seen: [], rows };
}

async function forwardAll(group: Group, { samples, lane, keep }: Pass): Promise<Chunk> {
  const seen: Seen[] = [];
  const rows: Rows[] = [];
  for (const [e, eye] of group.course.jacobian.eyes.entries()) {
    const start = group.patches.starts[e];
    const view = (side: Eye['fixed'], values: Float32Array) => ({
      data: patchTensor(values, eye, start, { samples, channels: side.open.network.channels }),
      samples: samples.length,
      lane,
    });
    const fixed = await look(eye.fixed, eye, view(eye.fixed, group.patches.fixed));
    const moving = await look(eye.moving, eye, {
      ...view(eye.moving, group.patches.moving),
      keep,
    });
    seen.push(moving);
    rows.push(...eye.layers.map((_, l) => ({ fixed: fixed.rows[l], moving: moving.rows[l] })));
  }
  return { samples, lane, seen, rows };
}

async function forgetChunk({ course }: Group, { seen }: Chunk): Promise<void> {
  const { eyes } = course.jacobian;
  await Promise.all(seen.map((one, e) => forget(eyes[e].moving, one)));
}

interface Losses {
  readonly samples: number;
  /** Per layer. */
  readonly sums: readonly number[];
  /** Weighted; undefined when no derivative is wanted. */
  readonly modulators: readonly Float64Array[] | undefined;
}

/** The layers' losses over some chunks. */
function losses({ course }: Group, chunks: readonly Chunk[]): Losses {
  const samples = chunks.reduce((n, chunk) => n + chunk.samples.length, 0);
  const { jacobian, options, channels, derivative } = course;
  const sums: number[] = [];
  const modulators: Float64Array[] = [];
  for (const [l, layer] of jacobian.layers.entries()) {
    const rows = together(chunks.map((chunk) => chunk.rows[l]));
    const modulator = derivative && new Float64Array(rows.moving.length);
    sums.push(layerLoss(layer, channels[l], inRows(rows, layer.channels), modulator));
    if (modulator === undefined) continue;
    const scale = modulatorScale(layer, options.scales?.[l], samples);
    modulators.push(modulator.map((u) => u * scale));
  }
  return { samples, sums, modulators: derivative && modulators };
}

function together(parts: readonly Rows[]): Rows {
  if (parts.length === 1) return parts[0];
  const join = (all: readonly Float32Array[]): Float32Array => {
    const joined = new Float32Array(all.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of all) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  };
  return { fixed: join(parts.map((p) => p.fixed)), moving: join(parts.map((p) => p.moving)) };
}

/** Adds to each sample's slope: through the network to its patch, then along the moving image's gradient. */
async function backward(
  group: Group,
  chunk: Chunk,
  modulators: readonly Float64Array[] | undefined,
): Promise<void> {
  const { slopes, shifted, course } = group;
  if (modulators === undefined || slopes === undefined) return;
  let first = 0;
  for (const [e, eye] of course.jacobian.eyes.entries()) {
    const own = modulators.slice(first, first + eye.layers.length);
    first += eye.layers.length;
    const seen = chunk.seen[e];
    if (seen === undefined) continue;
    if (seen.keep === undefined) {
      if (shifted === undefined) continue;
      const work = { eye, e, samples: chunk.samples, lane: chunk.lane, modulators: own };
      await differenceSlopes(shifted, work, slopes);
      continue;
    }
    const cotangents = own.map((u) => Float32Array.from(u));
    const gradient = await lookBack(eye.moving, eye, seen, cotangents);
    addSlopes(group, { eye, start: group.patches.starts[e], samples: chunk.samples }, gradient);
  }
}

function addSlopes(
  { patches, slopes, course }: Group,
  { eye, start, samples }: { eye: Eye; start: number; samples: readonly number[] },
  gradient: Float32Array,
): void {
  if (slopes === undefined) return;
  const { operation, options } = course.jacobian;
  const dims = operation.fixed.grid.size.length;
  const isExact = options.exactPatchJacobian;
  for (const [i, sample] of samples.entries()) {
    const first = start + sample * eye.voxels;
    for (let p = 0; p < eye.voxels; p++) {
      const weight = gradient[i * eye.voxels + p];
      const voxel = first + (eye.order?.[p] ?? p);
      const to = (isExact ? voxel : sample) * dims;
      for (let a = 0; a < dims; a++) {
        slopes[to + a] += weight * patches.moving[(a + 1) * patches.voxels + voxel];
      }
    }
  }
}

/** From slopes by moving position to the derivative by the map, at the patches' centres or at every voxel. */
function accumulateSlopes(
  { course, patches, slopes }: Group,
  centres: Float64Array,
  numberOf: Samples['numberOf'],
): void {
  const { derivative, jacobian, map } = course;
  if (derivative === undefined || slopes === undefined) return;
  if (map.kind === 'points') {
    const dims = centres.length / patches.samples;
    for (let i = 0; i < slopes.length; i++) {
      derivative[numberOf(Math.floor(i / dims)) * dims + (i % dims)] += slopes[i];
    }
    return;
  }
  const at = jacobian.options.exactPatchJacobian ? patches.points : centres;
  const [pulled] = pullback(map, at, slopes);
  for (let i = 0; i < derivative.length; i++) derivative[i] += pulled[i];
}
