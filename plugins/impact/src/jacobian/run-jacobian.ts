import {
  type IndexMap,
  type Json,
  type Measured,
  type Metric,
  type MetricRun,
  pullback,
  voxelCount,
} from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import {
  chooseChannels,
  isPerSample,
  type Layer,
  layerLoss,
  modulatorScale,
  type Rows,
  requireScales,
  total,
} from '../combine.js';
import type { ImpactOptions, ImpactRunOptions } from '../options/options.js';
import { parseRunOptions } from '../options/parse-options.js';
import { fixedPoints } from '../sampling/fixed-points.js';
import { createRandom } from '../sampling/random.js';
import type { Engine } from '../session/engine.js';
import type { Eye } from './eye.js';
import { look, lookBack, type Seen } from './look.js';
import { type Patches, patchTensor, samplePatches } from './patches.js';
import type { Samplers } from './samplers.js';
import { differenceSlopes, type ShiftedPatches, sampleShifted } from './shift-differences.js';

/** All that Jacobian mode keeps between runs. */
export interface Jacobian {
  readonly operation: Metric;
  readonly options: ImpactOptions;
  readonly engine: Engine;
  readonly eyes: readonly Eye[];
  readonly layers: readonly Layer[];
  readonly samplers: Samplers;
  readonly voxelsPerSample: number;
}

/** Patches per run of a network: what a batch holds stays near the cache, and does not depend on the call. */
export const CHUNK = 256;

/** Patch voxels sampled at once; more samples are taken in groups. */
const GROUP_VOXELS = 2 ** 21;

/** Patch voxels up to which the worker keeps the forward passes of all chunks. */
const KEPT_VOXELS = 2 ** 18;

/** One run in progress. */
interface Course {
  readonly jacobian: Jacobian;
  readonly map: IndexMap;
  readonly run: MetricRun;
  readonly options: ImpactRunOptions;
  readonly channels: readonly (readonly number[])[];
  readonly sums: number[];
  samples: number;
  /** Σ over samples so far, by the map's free parameters. */
  readonly derivative: Float64Array | undefined;
}

export async function runJacobian(
  jacobian: Jacobian,
  map: IndexMap,
  run: MetricRun,
): Promise<Measured> {
  if (map.kind === 'points') {
    const reason =
      'is a list of points, and mode "jacobian" follows the map around each point; use mode "static", or a transform that folds into one matrix or field';
    throw badArgument('map', reason);
  }
  const { operation, layers, voxelsPerSample } = jacobian;
  const options = parseRunOptions(run.options);
  requireScales(layers, options);
  const random = createRandom(options.seed);
  const channels = chooseChannels(layers, options, random);
  const points = fixedPoints(operation, run);
  const dims = operation.fixed.grid.size.length;
  const perGroup = Math.max(CHUNK, Math.floor(GROUP_VOXELS / voxelsPerSample));
  const groups = Math.ceil(points.length / dims / perGroup);
  requireOneGroup(jacobian, groups, perGroup);
  const course: Course = {
    jacobian,
    map,
    run,
    options,
    channels,
    sums: layers.map(() => 0),
    samples: 0,
    derivative: run.derivative ? emptyDerivative(map) : undefined,
  };
  for (let g = 0; g < groups; g++) {
    run.signal?.throwIfAborted();
    const centres = points.slice(g * perGroup * dims, (g + 1) * perGroup * dims);
    const { eyes, samplers } = jacobian;
    const { spacing } = operation.fixed.grid;
    const patches = await samplePatches({ eyes, samplers, spacing, random, run }, map, centres);
    await measureGroup(course, patches, centres);
    run.progress?.((g + 1) / groups);
  }
  return answer(course);
}

/** A statistic over all samples needs all of them at once. */
function requireOneGroup({ layers }: Jacobian, groups: number, perGroup: number): void {
  if (groups < 2 || layers.every(isPerSample)) return;
  const reason = `are more than the ${perGroup} samples that NCC can hold in mode "jacobian"; pass fewer points`;
  throw badArgument('points', reason);
}

const emptyDerivative = (map: IndexMap): Float64Array | undefined => {
  if (map.kind === 'affine') return new Float64Array(map.matrix.length);
  return map.kind === 'field' ? new Float64Array(map.lattice.data.length) : undefined;
};

function answer({ jacobian, sums, samples, derivative, options, channels }: Course): Measured {
  const { layers } = jacobian;
  const { value, details } = total(layers, sums, samples, options);
  const facts: Json = { ...details, seed: options.seed, subset: channels };
  const mean = derivative?.map((sum) => (samples === 0 ? 0 : sum / samples));
  return { value, samples, ...(mean && { derivative: mean }), details: facts };
}

async function measureGroup(
  course: Course,
  patches: Patches,
  centres: Float64Array,
): Promise<void> {
  const { jacobian, derivative, run } = course;
  course.samples += patches.valid.length;
  if (patches.valid.length === 0) return;
  const isLocal = jacobian.layers.every(isPerSample);
  const chunks = split(patches.valid);
  const shifted = derivative && (await sampleShifted(jacobian, patches, run));
  const slopes = derivative && new Float64Array(slopeCount(course, patches));
  const group: Group = { course, patches, shifted, slopes };
  if (isLocal) {
    for (const samples of chunks) {
      run.signal?.throwIfAborted();
      const chunk = await forward(group, samples, derivative !== undefined);
      await backward(group, chunk, losses(group, [chunk]));
    }
  } else await measureTogether(group, chunks);
  if (derivative !== undefined && slopes !== undefined) accumulateSlopes(group, centres);
}

interface Group {
  readonly course: Course;
  readonly patches: Patches;
  readonly shifted: ShiftedPatches | undefined;
  /** Per sample (or per patch voxel, if the map is differentiated there) and moving axis. */
  readonly slopes: Float64Array | undefined;
}

function slopeCount({ jacobian }: Course, patches: Patches): number {
  const dims = jacobian.operation.fixed.grid.size.length;
  return (jacobian.options.exactPatchJacobian ? patches.voxels : patches.samples) * dims;
}

/** Some samples, seen by every eye. */
interface Chunk {
  readonly samples: readonly number[];
  readonly seen: readonly Seen[];
  /** Per layer of all eyes. */
  readonly rows: readonly Rows[];
}

const split = (samples: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(samples.length / CHUNK) }, (_, k) =>
    samples.slice(k * CHUNK, (k + 1) * CHUNK),
  );

/** All chunks forward, the losses over all, then all chunks backward; what is too much to keep is run twice. */
async function measureTogether(
  group: Group,
  chunks: readonly (readonly number[])[],
): Promise<void> {
  const { course, patches } = group;
  const wantsBack = course.derivative !== undefined;
  const keeps = wantsBack && patches.valid.length * course.jacobian.voxelsPerSample <= KEPT_VOXELS;
  const done: Chunk[] = [];
  for (const samples of chunks) {
    course.run.signal?.throwIfAborted();
    done.push(await forward(group, samples, keeps));
  }
  const modulators = losses(group, done);
  let first = 0;
  for (const chunk of done) {
    const part = modulators?.map((all, l) => {
      const width = course.jacobian.layers[l].channels;
      return all.subarray(first * width, (first + chunk.samples.length) * width);
    });
    course.run.signal?.throwIfAborted();
    const again = keeps || !wantsBack ? chunk : await forward(group, chunk.samples, true);
    await backward(group, again, part);
    first += chunk.samples.length;
  }
}

async function forward(group: Group, samples: readonly number[], keep: boolean): Promise<Chunk> {
  const { jacobian } = group.course;
  const seen: Seen[] = [];
  const rows: Rows[] = [];
  for (const [e, eye] of jacobian.eyes.entries()) {
    const start = group.patches.starts[e];
    const tensor = (side: Eye['fixed'], values: Float32Array) => ({
      data: patchTensor(values, eye, start, { samples, channels: side.open.network.channels }),
      samples: samples.length,
    });
    const fixed = await look(eye.fixed, eye, tensor(eye.fixed, group.patches.fixed));
    const number = keep ? jacobian.engine.nextNumber() : undefined;
    const moving = await look(eye.moving, eye, tensor(eye.moving, group.patches.moving), number);
    seen.push(moving);
    rows.push(...eye.layers.map((_, l) => ({ fixed: fixed.rows[l], moving: moving.rows[l] })));
  }
  return { samples, seen, rows };
}

/** Adds the layers' losses over some chunks; their modulators, weighted, when a derivative is wanted. */
function losses(
  { course, patches }: Group,
  chunks: readonly Chunk[],
): readonly Float64Array[] | undefined {
  const { jacobian, options, channels, derivative } = course;
  const modulators: Float64Array[] = [];
  for (const [l, layer] of jacobian.layers.entries()) {
    const rows = together(chunks.map((chunk) => chunk.rows[l]));
    const modulator = derivative && new Float64Array(rows.moving.length);
    course.sums[l] += layerLoss(layer, channels[l], rows, modulator);
    if (modulator === undefined) continue;
    const scale = modulatorScale(layer, options.scales?.[l], patches.valid.length);
    modulators.push(modulator.map((u) => u * scale));
  }
  return derivative && modulators;
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
    if (seen.keep === undefined) {
      if (shifted === undefined) continue;
      const work = { eye, e, samples: chunk.samples, modulators: own };
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
      const to = (isExact ? first + p : sample) * dims;
      for (let a = 0; a < dims; a++) {
        slopes[to + a] += weight * patches.moving[(a + 1) * patches.voxels + first + p];
      }
    }
  }
}

/** From slopes by moving position to the derivative by the map, at the patches' centres or at every voxel. */
function accumulateSlopes({ course, patches, slopes }: Group, centres: Float64Array): void {
  const { derivative, jacobian, map } = course;
  if (derivative === undefined || slopes === undefined) return;
  const at = jacobian.options.exactPatchJacobian ? patches.points : centres;
  const [pulled] = pullback(map, at, slopes);
  for (let i = 0; i < derivative.length; i++) derivative[i] += pulled[i];
}

/** Voxels of a metric's fixed image: the most samples of one run. */
export const mostSamples = ({ fixed }: Metric): number => voxelCount(fixed.grid.size);
