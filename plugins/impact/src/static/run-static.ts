import {
  type AffineMap,
  affineMap,
  type FieldMap,
  type IndexMap,
  type Json,
  locateAll,
  type Measured,
  type Metric,
  type MetricRun,
  outputIndices,
  type Prepared,
  pointsMap,
  pullback,
  type Resampled,
  then,
  voxelCount,
} from '@voxhost/sdk';
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
import type { ImpactRunOptions } from '../options/options.js';
import { parseRunOptions } from '../options/parse-options.js';
import { withPoints } from '../sampling/draw-points.js';
import { insideTest } from '../sampling/masks.js';
import { createRandom } from '../sampling/random.js';
import type { LayerMaps } from './prepare-static.js';

/** All that Static mode keeps between runs. */
export interface Static {
  readonly operation: Metric;
  readonly layers: readonly Layer[];
  readonly maps: readonly LayerMaps[];
  /** Drawn for runs that name no points. */
  readonly samples: number | undefined;
  /** Features of a layer at every fixed voxel, which no run changes: sampled once, if they are not too many. */
  readonly fixedGrid: (layer: number, sample: () => Promise<Resampled>) => Promise<Resampled>;
}

/** Features, with their derivatives, sampled at once: 4 · 2^25 numbers of 4 bytes. */
const GROUP_FEATURES = 2 ** 25;

interface Course {
  readonly fixedMaps: Static;
  readonly run: MetricRun;
  readonly options: ImpactRunOptions;
  readonly channels: readonly (readonly number[])[];
  /** Fixed and moving indices of the valid samples, and which samples they are. */
  readonly points: Float64Array;
  readonly positions: Float64Array;
  readonly dims: number;
  /** A run over every voxel under one map, which a resampler follows faster than a list of positions. */
  readonly grid:
    | { readonly map: AffineMap | FieldMap; readonly valid: readonly number[] }
    | undefined;
}

export async function runStatic(
  fixedMaps: Static,
  map: IndexMap,
  asked: MetricRun,
): Promise<Measured> {
  const { operation, layers } = fixedMaps;
  const options = parseRunOptions(asked.options);
  requireScales(layers, options);
  const random = createRandom(options.seed);
  const channels = chooseChannels(layers, options, random);
  const run = withPoints(operation, { samples: fixedMaps.samples, map }, asked, random);
  const { size } = operation.fixed.grid;
  const dims = size.length;
  const samples = run.points === undefined ? { size } : { points: run.points };
  const all = outputIndices(samples, dims);
  const located = locateAll(map, samples, dims);
  const valid = validSamples(operation, all, located);
  const points = chosen(all, valid, dims);
  const positions = chosen(located, valid, dims);
  const isGrid = run.points === undefined && (map.kind === 'affine' || map.kind === 'field');
  const grid = isGrid ? { map, valid } : undefined;
  const course: Course = { fixedMaps, run, options, channels, points, positions, dims, grid };
  const { sums, slopes } = await measure(course, valid.length);
  const { value, details } = total(layers, sums, valid.length, options);
  const facts: Json = { ...details, seed: options.seed, subset: channels };
  const derivative = slopes && pulled(map, { valid, points, slopes, all: all.length, dims });
  return { value, samples: valid.length, ...(derivative && { derivative }), details: facts };
}

/** Inside the fixed mask, the moving buffer and the moving mask. */
function validSamples(
  { fixed, moving, fixedMask, movingMask }: Metric,
  points: Float64Array,
  positions: Float64Array,
): readonly number[] {
  const dims = fixed.grid.size.length;
  const isInFixed = fixedMask && insideTest(fixed.grid.size, fixedMask);
  const isInMoving = insideTest(moving.grid.size, movingMask);
  const valid: number[] = [];
  for (let at = 0; at < points.length; at += dims) {
    if (isInFixed?.(points, at) === false || !isInMoving(positions, at)) continue;
    valid.push(at / dims);
  }
  return valid;
}

function chosen(all: Float64Array, samples: readonly number[], dims: number): Float64Array {
  if (samples.length * dims === all.length) return all;
  const part = new Float64Array(samples.length * dims);
  for (const [i, n] of samples.entries())
    part.set(all.subarray(n * dims, (n + 1) * dims), i * dims);
  return part;
}

interface Sums {
  readonly sums: number[];
  /** Derivative by each valid position, in moving index units; undefined if not wanted. */
  readonly slopes: Float64Array | undefined;
}

async function measure(course: Course, samples: number): Promise<Sums> {
  const { layers } = course.fixedMaps;
  const sums = layers.map(() => 0);
  const slopes = course.run.derivative ? new Float64Array(samples * course.dims) : undefined;
  for (const l of layers.keys()) {
    course.run.signal?.throwIfAborted();
    sums[l] = await measureLayer(course, l, slopes);
    course.run.progress?.((l + 1) / layers.length);
  }
  return { sums, slopes };
}

/** One run per map for all samples and channels; more only for what would not fit into memory. */
async function measureLayer(
  course: Course,
  l: number,
  slopes: Float64Array | undefined,
): Promise<number> {
  const { layers } = course.fixedMaps;
  const layer = layers[l];
  const samples = course.points.length / course.dims;
  const perGroup = Math.max(1, Math.floor(GROUP_FEATURES / layer.channels));
  const groups = Array.from({ length: Math.ceil(samples / perGroup) }, (_, g) => ({
    first: g * perGroup,
    count: Math.min(perGroup, samples - g * perGroup),
  }));
  const scale = modulatorScale(layer, course.options.scales?.[l], samples) / samples;
  if (groups.length > 1 && !isPerSample(layer)) {
    return measureInTwoPasses(course, { l, groups, scale }, slopes);
  }
  let sum = 0;
  for (const group of groups) {
    const seen = await seeGroup(course, l, group);
    const modulator = slopes && new Float64Array(seen.rows.moving.length);
    sum += layerLoss(layer, course.channels[l], seen.rows, modulator);
    if (slopes && modulator) addSlopes(course, { l, group, scale, seen }, modulator, slopes);
  }
  return sum;
}

interface Group {
  readonly first: number;
  readonly count: number;
}

/** A statistic over all samples first sees all features, then sees them again for the derivative. */
async function measureInTwoPasses(
  course: Course,
  { l, groups, scale }: { l: number; groups: readonly Group[]; scale: number },
  slopes: Float64Array | undefined,
): Promise<number> {
  const layer = course.fixedMaps.layers[l];
  const samples = course.points.length / course.dims;
  const fixed = new Float32Array(samples * layer.channels);
  const moving = new Float32Array(samples * layer.channels);
  for (const group of groups) {
    const { rows } = await seeGroup(course, l, group);
    fixed.set(rows.fixed, group.first * layer.channels);
    moving.set(rows.moving, group.first * layer.channels);
  }
  const modulator = slopes && new Float64Array(moving.length);
  const sum = layerLoss(layer, course.channels[l], { fixed, moving }, modulator);
  if (slopes === undefined || modulator === undefined) return sum;
  for (const group of groups) {
    const seen = await seeGroup(course, l, group);
    const from = group.first * layer.channels;
    const part = modulator.subarray(from, from + seen.rows.moving.length);
    addSlopes(course, { l, group, scale, seen }, part, slopes);
  }
  return sum;
}

/** Features of some samples: rows of both maps, and the moving map's planes of derivatives behind its values. */
interface Seen {
  readonly rows: Rows;
  readonly planes: Float32Array;
}

async function seeGroup(course: Course, l: number, group: Group): Promise<Seen> {
  const { points, positions, dims, fixedMaps, grid } = course;
  const layer = fixedMaps.layers[l];
  const maps = fixedMaps.maps[l];
  const isWhole = group.count === points.length / dims;
  if (grid !== undefined && isWhole) return seeGrid(course, l, grid);
  const part = (all: Float64Array, ratio: readonly number[]): Float64Array => {
    const own = all.slice(group.first * dims, (group.first + group.count) * dims);
    for (let i = 0; i < own.length; i++) own[i] *= ratio[i % dims];
    return own;
  };
  const fixed = await sampled(maps.fixed, part(points, maps.fixedRatio), course.run);
  const planes = await sampled(maps.moving, part(positions, maps.movingRatio), course.run);
  const { channels } = layer;
  return {
    rows: {
      fixed: toRows(fixed, group.count, channels),
      moving: toRows(planes, group.count, channels),
    },
    planes,
  };
}

/** All voxels of the fixed grid, of which those of the valid samples are kept. */
async function seeGrid(
  { fixedMaps: { operation, layers, maps, fixedGrid }, run: { signal } }: Course,
  l: number,
  { map, valid }: NonNullable<Course['grid']>,
): Promise<Seen> {
  const { size } = operation.fixed.grid;
  const { channels } = layers[l];
  const { fixed, moving, fixedRatio, movingRatio } = maps[l];
  const run = { samples: { size }, ...(signal && { signal }) };
  const ofFixed = await fixedGrid(l, () => fixed.run(scaling(fixedRatio), run));
  const ofMoving = await moving.run(then(map, scaling(movingRatio)), run);
  const voxels = voxelCount(size);
  const keep = ({ data }: Resampled) => kept(data as Float32Array, voxels, valid);
  const planes = keep(ofMoving);
  return {
    rows: {
      fixed: toRows(keep(ofFixed), valid.length, channels),
      moving: toRows(planes, valid.length, channels),
    },
    planes,
  };
}

function scaling(ratio: readonly number[]): AffineMap {
  const dims = ratio.length;
  const matrix = new Float64Array(dims * (dims + 1));
  for (const [a, factor] of ratio.entries()) matrix[a * (dims + 2)] = factor;
  return affineMap(matrix);
}

/** Some values of every plane. */
function kept(planes: Float32Array, voxels: number, valid: readonly number[]): Float32Array {
  if (valid.length === voxels) return planes;
  const count = planes.length / voxels;
  const some = new Float32Array(count * valid.length);
  for (let p = 0; p < count; p++) {
    for (const [n, at] of valid.entries()) some[p * valid.length + n] = planes[p * voxels + at];
  }
  return some;
}

async function sampled(
  prepared: Prepared<'resample'>,
  points: Float64Array,
  { signal }: MetricRun,
): Promise<Float32Array> {
  const run = { samples: { points }, ...(signal && { signal }) };
  const { data } = await prepared.run(pointsMap(points), run);
  return data as Float32Array;
}

function toRows(planes: Float32Array, count: number, channels: number): Float32Array {
  const rows = new Float32Array(count * channels);
  for (let c = 0; c < channels; c++) {
    for (let n = 0; n < count; n++) rows[n * channels + c] = planes[c * count + n];
  }
  return rows;
}

function addSlopes(
  { dims, fixedMaps }: Course,
  { l, group, scale, seen }: { l: number; group: Group; scale: number; seen: Seen },
  modulator: Float64Array,
  slopes: Float64Array,
): void {
  const { channels } = fixedMaps.layers[l];
  const { movingRatio } = fixedMaps.maps[l];
  const { first, count } = group;
  for (let a = 0; a < dims; a++) {
    const factor = scale * movingRatio[a];
    for (let c = 0; c < channels; c++) {
      const plane = ((a + 1) * channels + c) * count;
      for (let n = 0; n < count; n++) {
        const slope = modulator[n * channels + c] * seen.planes[plane + n];
        slopes[(first + n) * dims + a] += factor * slope;
      }
    }
  }
}

/** To the map's free parameters; a list of positions has its own, zero where a sample is not valid. */
function pulled(
  map: IndexMap,
  { valid, points, slopes, all, dims }: Pulled,
): Float64Array | undefined {
  if (map.kind === 'sequence') return undefined;
  if (map.kind !== 'points') return pullback(map, points, slopes)[0];
  const byPosition = new Float64Array(all);
  for (const [i, n] of valid.entries()) {
    byPosition.set(slopes.subarray(i * dims, (i + 1) * dims), n * dims);
  }
  return byPosition;
}

interface Pulled {
  readonly valid: readonly number[];
  readonly points: Float64Array;
  readonly slopes: Float64Array;
  readonly all: number;
  readonly dims: number;
}
