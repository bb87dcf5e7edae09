import {
  affineMap,
  asVolume,
  type Boundary,
  type Image,
  type IndexMap,
  type Interpolator,
  METRIC_BOUNDARY,
  type Metric,
  mapMembers,
  PIXEL_TYPES,
  type Resample,
} from '@voxhost/sdk';
import type { Region } from '../device-memory.js';
import type { Engine } from '../engine.js';
import { SLICES_PER_THREAD } from '../execute-blocks.js';
import { executeParts, type Part, type Places } from '../execute-parts.js';
import { createHolder, type Holder } from '../holder.js';
import type { MapStep } from '../map-parameters.js';
import { OUTPUT, RULES } from '../parameters.js';
import { wholeBox } from '../parts/box.js';
import { holdSource } from '../prepare-resample.js';
import { bytesOfSource } from '../prepare-source.js';
import { convertedSource, kernelName } from '../resample-rules.js';
import { samplingRules } from '../sampling-rules.js';
import {
  bytesPerSample,
  describePlanes,
  type SamplePlanes,
  sizeOf,
  takePlanes,
  volumeOf,
} from './sample-planes.js';
import { planTiles, samplesPerRow, type Tile } from './tiles.js';
import type { Wanted } from './wanted.js';

/** A mask is looked up at the nearest voxel and is 0 beyond its edge. */
const MASK_BOUNDARY: Boundary = { kind: 'buffer', value: 0 };

/** The samples of a run, which are on the device tile by tile; where they are one tile, they stay until disposed. */
export interface Sampled extends Disposable {
  readonly engine: Engine;
  readonly operation: Metric;
  readonly wanted: Wanted;
  /** Samples that one block of threads sums. */
  readonly row: number;
  /** Calls with every tile in order, for who then has the lanes. Throws the driver's error. */
  forEachTile(use: (planes: SamplePlanes) => Promise<void> | void): Promise<void>;
}

/** Parts of the bytes of a run that its tile may have, and what it is sampled from. */
const TILE_PART = 1 / 2;
const SOURCE_PART = 3 / 8;

/** Bytes of what is summed over the boxes about a sample: see local-normalized-correlation.ts. */
const WINDOW_BYTES = 96;

/** A run that is to be sampled. */
export interface Sampling {
  readonly engine: Engine;
  readonly operation: Metric;
  readonly map: IndexMap;
  readonly wanted: Wanted;
  /** Bytes of the device that the run may have; Infinity: all samples are there at once. */
  readonly most: number;
}

export function sampleRun(sampling: Sampling): Sampled {
  const { engine, operation, wanted, most } = sampling;
  const { samples, count, windows, gradient, signal } = wanted;
  const isList = 'points' in samples;
  const row = samplesPerRow(count, windows.stride);
  const [x, y] = isList ? [count, 1] : asVolume(samples.size);
  // What a window's sample adds to the slopes of others is known from their windows.
  const halo = windows.radius[2] * (gradient ? 2 : 1);
  const hasWindows = windows.stride > 1 || windows.radius.some((r) => r > 0);
  const bytes = bytesPerSample(operation, gradient) + (hasWindows ? WINDOW_BYTES : 0);
  const atMost = (most * TILE_PART) / bytes;
  const tiles = planTiles({ count, slice: x * y, halo, row }, atMost);
  let kept: SamplePlanes | undefined;
  return {
    engine,
    operation,
    wanted,
    row,
    async forEachTile(use) {
      for (const tile of tiles) {
        signal?.throwIfAborted();
        const planes = kept ?? (await sampleTile(sampling, tile));
        if (tiles.length === 1) kept = planes;
        try {
          await engine.lanes.exclusive(async () => use(planes));
        } finally {
          if (kept === undefined) planes[Symbol.dispose]();
        }
      }
    },
    [Symbol.dispose]() {
      kept?.[Symbol.dispose]();
      kept = undefined;
    },
  };
}

/** Samples both images and masks. Takes the lanes by itself. */
async function sampleTile(sampling: Sampling, tile: Tile): Promise<SamplePlanes> {
  const { engine, operation, map, wanted } = sampling;
  const { samples } = wanted;
  using held = createHolder();
  const volume = volumeOf(samples, tile);
  const target = takePlanes(engine, held, operation, { gradient: wanted.gradient, volume });
  const dims = operation.fixed.grid.size.length;
  const points = 'points' in samples ? partOf(samples.points, dims, tile) : undefined;
  const sites = points && held.add(engine.memory.take(points.byteLength));
  if (points && sites)
    await engine.lanes.exclusive(() => engine.lanes.upload(sites.address, points));
  const described = describePlanes(target, {
    operation,
    wanted,
    tile,
    sites: sites?.address ?? 0n,
  });
  const here: Way = { steps: [identityOf(dims)], places: placesOf(sampling, tile, points) };
  // Of all that is sampled for the tile.
  const first = points === undefined ? tile.first - described.before : tile.first;
  const around = { first, count: volume };
  const positions = map.kind === 'points' ? partOf(map.positions, dims, around) : points;
  const there: Way = { steps: mapMembers(map), places: placesOf(sampling, tile, positions) };
  await sampleImages({ sampling, tile, here, there }, target);
  await engine.lanes.exclusive(async () => {
    const [lane] = engine.lanes.both;
    engine.launch('metric_validate', [described.surroundings], [volume, 1, 1], lane.stream);
    await engine.lanes.drained(lane);
  });
  return { ...described, ...held.handOn() };
}

const partOf = (
  points: Float64Array,
  dims: number,
  { first, count }: Pick<Tile, 'first' | 'count'>,
): Float64Array => points.subarray(first * dims, (first + count) * dims);

/** From the samples to an image. */
interface Way {
  readonly steps: readonly MapStep[];
  readonly places: Places;
}

function placesOf({ wanted }: Sampling, tile: Tile, points: Float64Array | undefined): Places {
  if (points !== undefined) return { kind: 'list', points };
  return { kind: 'grid', size: sizeOf(wanted.samples, tile), start: [0, 0, tile.slices.first] };
}

const identityOf = (dims: number) =>
  affineMap(dims === 2 ? [1, 0, 0, 0, 1, 0] : [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);

interface Ways {
  readonly sampling: Sampling;
  readonly tile: Tile;
  readonly here: Way;
  readonly there: Way;
}

async function sampleImages(ways: Ways, target: ReturnType<typeof takePlanes>): Promise<void> {
  const { here, there } = ways;
  const { operation, wanted } = ways.sampling;
  const { fixed, moving, fixedMask, movingMask, fixedInterpolator } = operation;
  // On the grid every interpolator that interpolates has the voxel itself.
  const between = 'points' in wanted.samples ? fixedInterpolator : 'nearest';
  const { gradient } = wanted;
  const image = { boundary: METRIC_BOUNDARY, gradient: false };
  const mask = { boundary: MASK_BOUNDARY, gradient: false, interpolator: 'nearest' } as const;
  await sample(ways, fixed, { ...image, interpolator: between, way: here }, target.fixed);
  const { movingInterpolator: interpolator } = operation;
  await sample(ways, moving, { ...image, interpolator, gradient, way: there }, target.moving);
  if (fixedMask && target.fixedMask)
    await sample(ways, fixedMask, { ...mask, way: here }, target.fixedMask);
  if (movingMask && target.movingMask)
    await sample(ways, movingMask, { ...mask, way: there }, target.movingMask);
}

interface Manner {
  readonly interpolator: Interpolator;
  readonly boundary: Boundary;
  readonly gradient: boolean;
}

/** A sampling as a resample in float64, whose sources and kernels serve. */
const resampleOf = (
  source: Image,
  { interpolator, boundary, gradient }: Manner,
  perRun: number,
): Resample => ({
  kind: 'resample',
  ...{ source, interpolator, boundary, gradient },
  pixelType: 'float64',
  demand: { maps: [], samples: 'grid', perRun, runs: 1 },
});

/**
 * Brings both images and masks to the device, to stay until disposed.
 *
 * @returns whether all of them had room
 */
export async function holdImages(
  engine: Engine,
  operation: Metric,
): Promise<Disposable & { readonly all: boolean }> {
  const { fixed, moving, fixedMask, movingMask, movingInterpolator } = operation;
  const nearest = { boundary: METRIC_BOUNDARY, gradient: false, interpolator: 'nearest' } as const;
  using held = createHolder();
  const between = resampleOf(moving, { ...nearest, interpolator: movingInterpolator }, 0);
  const others = [fixed, fixedMask, movingMask].filter((image) => image !== undefined);
  const wanted = [between, ...others.map((image) => resampleOf(image, nearest, 0))];
  let all = true;
  for (const each of wanted) {
    const source = await holdSource(engine, each);
    if (source === undefined) all = false;
    else held.add(source);
  }
  return { all, ...held.handOn() };
}

/** Values of an image at the samples, as float64 planes. */
async function sample(
  { sampling, tile }: Ways,
  image: Image,
  { interpolator, boundary, gradient, way }: Manner & { readonly way: Way },
  { address }: Region,
): Promise<void> {
  const { engine, wanted, most } = sampling;
  const volume = volumeOf(wanted.samples, tile);
  const operation = resampleOf(image, { interpolator, boundary, gradient }, volume);
  using held = createHolder();
  const source = await holdWithin(engine, operation, most, held);
  const rules = RULES.pack({
    ...samplingRules(interpolator, boundary),
    gradient: gradient ? 1 : 0,
  });
  const [nx, ny] = way.places.kind === 'grid' ? way.places.size : [volume, 1];
  const start = way.places.kind === 'grid' ? way.places.start : [0, 0, 0];
  const launch = async ({ source: there, map, block }: Part): Promise<void> => {
    const [x, y, z] = block.start;
    const output = OUTPUT.pack({
      address: address + BigInt(8 * (x + nx * (y + ny * z))),
      start: block.start.map((n, axis) => n + start[axis]),
      planeStride: volume,
      rowStride: nx,
      sliceStride: nx * ny,
      size: block.size,
      pixel: PIXEL_TYPES.indexOf('float64'),
    });
    const structs = [there.parameters, rules, map.parametersAt(0), output];
    const [lane] = engine.lanes.both;
    const [width, height, depth] = block.size;
    const extent = [width, height, Math.ceil(depth / SLICES_PER_THREAD)] as const;
    engine.launch(kernelName(operation, map.kind), structs, extent, lane.stream);
    await engine.lanes.drained(lane);
  };
  await executeParts(
    { engine, operation, source, ...way, isOrdered: true },
    most * SOURCE_PART,
    launch,
  );
}

/** The whole source, where it is there or may be. */
async function holdWithin(engine: Engine, operation: Resample, most: number, held: Holder) {
  const whole = convertedSource(operation)?.size ?? asVolume(operation.source.grid.size);
  if (bytesOfSource(operation, wholeBox(whole)) > most * SOURCE_PART) return undefined;
  const source = await holdSource(engine, operation);
  return source && held.add(source).value;
}
