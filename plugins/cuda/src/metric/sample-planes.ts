import {
  affineMap,
  type Boundary,
  type Image,
  type IndexMap,
  type Interpolator,
  METRIC_BOUNDARY,
  type Metric,
  PIXEL_TYPES,
  pointsMap,
  type Resample,
  type Samples,
} from '@voxhost/sdk';
import type { Region } from '../device-memory.js';
import type { Engine } from '../engine.js';
import { createHolder, type Holder } from '../holder.js';
import { type MapParameters, prepareMap } from '../map-parameters.js';
import { OUTPUT, PLANES, RULES } from '../parameters.js';
import { prepareSource } from '../prepare-source.js';
import { asVolume, kernelName } from '../resample-rules.js';
import { samplingRules } from '../sampling-rules.js';
import type { Neighbourhoods, Windows } from './windows.js';

/** The values of a run's samples on the device, until disposed. */
export interface SamplePlanes extends Disposable {
  /** The kernels' Planes. */
  readonly parameters: Uint8Array;
  readonly count: number;
  /** Of the cotangents, which a plane per axis holds once they are made. */
  readonly cotangents: { readonly address: bigint; readonly stride: number };
  /** Where the samples lie in the fixed index space, as the kernels' Output: a list's address, or the size of the grid. */
  readonly sites: Uint8Array;
  readonly windows: Windows;
}

/** A mask is looked up at the nearest voxel and is 0 beyond its edge. */
const MASK_BOUNDARY: Boundary = { kind: 'buffer', value: 0 };

/** What a run samples. */
export interface Wanted extends Neighbourhoods {
  /** The moving image's gradient too. */
  readonly gradient: boolean;
}

/** Samples both images and masks of a metric. Takes the lanes by itself. Throws the driver's error. */
export async function samplePlanes(
  engine: Engine,
  operation: Metric,
  map: IndexMap,
  wanted: Wanted,
): Promise<SamplePlanes> {
  const { samples, count, windows, gradient } = wanted;
  const { channels, grid } = operation.fixed;
  const dims = grid.size.length;
  using held = createHolder();
  const points = 'points' in samples ? samples.points : undefined;
  const there = held.add(await mapOver(engine, map, points, dims));
  const identity = points === undefined ? identityOf(dims) : pointsMap(points);
  const here = held.add(await mapOver(engine, identity, points, dims));
  const target = takePlanes(engine, held, operation, wanted);
  await sampleImages({ engine, held, samples, count }, operation, target, {
    here,
    there,
    gradient,
  });
  const parameters = PLANES.pack({
    fixed: target.fixed.address,
    moving: target.moving.address,
    fixedMask: target.fixedMask?.address ?? 0,
    movingMask: target.movingMask?.address ?? 0,
    valid: target.valid.address,
    ...{ count, channels, dims },
    gradient: gradient ? 1 : 0,
  });
  const stride = 8 * channels * count;
  const cotangents = { address: target.moving.address + BigInt(stride), stride };
  const sites = sitesOf(samples, points === undefined ? 0n : here.pointsAddress);
  return { parameters, count, cotangents, sites, windows, ...held.handOn() };
}

interface Target {
  readonly fixed: Region;
  readonly moving: Region;
  readonly valid: Region;
  readonly fixedMask: Region | undefined;
  readonly movingMask: Region | undefined;
}

function takePlanes(
  { memory }: Engine,
  held: Holder,
  { fixed, fixedMask, movingMask }: Metric,
  { count, gradient }: Wanted,
): Target {
  const planes = (n: number): Region => held.add(memory.take(n * count * 8));
  const { channels, grid } = fixed;
  return {
    fixed: planes(channels),
    moving: planes(channels * (gradient ? 1 + grid.size.length : 1)),
    valid: planes(1),
    fixedMask: fixedMask && planes(1),
    movingMask: movingMask && planes(1),
  };
}

interface Ways {
  /** To the fixed image, and to the moving one. */
  readonly here: MapParameters;
  readonly there: MapParameters;
  readonly gradient: boolean;
}

async function sampleImages(
  sampled: Sampled,
  operation: Metric,
  target: Target,
  { here, there, gradient }: Ways,
): Promise<void> {
  const { fixed, moving, fixedMask, movingMask, fixedInterpolator } = operation;
  // On the grid every interpolator that interpolates has the voxel itself.
  const between = 'points' in sampled.samples ? fixedInterpolator : 'nearest';
  const image = { boundary: METRIC_BOUNDARY, gradient: false };
  const mask = { boundary: MASK_BOUNDARY, gradient: false, interpolator: 'nearest' } as const;
  await sample(sampled, fixed, { ...image, interpolator: between, map: here }, target.fixed);
  const { movingInterpolator: interpolator } = operation;
  await sample(sampled, moving, { ...image, interpolator, gradient, map: there }, target.moving);
  if (fixedMask && target.fixedMask)
    await sample(sampled, fixedMask, { ...mask, map: here }, target.fixedMask);
  if (movingMask && target.movingMask)
    await sample(sampled, movingMask, { ...mask, map: there }, target.movingMask);
}

const identityOf = (dims: number): IndexMap =>
  affineMap(dims === 2 ? [1, 0, 0, 0, 1, 0] : [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);

const mapOver = (
  engine: Engine,
  map: IndexMap,
  points: Float64Array | undefined,
  dims: number,
): Promise<MapParameters> => {
  const list = map.kind === 'points' ? map.positions : points;
  return prepareMap(engine, map, { dims, points: list, hasAffine: false });
};

interface Sampled {
  readonly engine: Engine;
  readonly held: Holder;
  readonly samples: Samples;
  readonly count: number;
}

interface Manner {
  readonly interpolator: Interpolator;
  readonly boundary: Boundary;
  readonly gradient: boolean;
}

type How = Manner & { readonly map: MapParameters };

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

/** Brings both images and masks to the device, to stay until disposed. Throws the driver's error. */
export async function holdImages(engine: Engine, operation: Metric): Promise<Disposable> {
  const { fixed, moving, fixedMask, movingMask, movingInterpolator } = operation;
  const nearest = { boundary: METRIC_BOUNDARY, gradient: false, interpolator: 'nearest' } as const;
  using held = createHolder();
  for (const image of [fixed, fixedMask, movingMask]) {
    if (image) held.add(await prepareSource(engine, resampleOf(image, nearest, 0)));
  }
  const between = { ...nearest, interpolator: movingInterpolator };
  held.add(await prepareSource(engine, resampleOf(moving, between, 0)));
  return held.handOn();
}

/** Values of an image at the samples, as float64 planes. A list of positions is a grid of one line. */
async function sample(
  { engine, held, samples, count }: Sampled,
  source: Image,
  { interpolator, boundary, gradient, map }: How,
  { address }: Region,
): Promise<void> {
  const operation = resampleOf(source, { interpolator, boundary, gradient }, count);
  const resident = held.add(await prepareSource(engine, operation));
  const size = map.pointsAddress === 0n ? gridSize(samples) : [count, 1, 1];
  const rules = RULES.pack({
    ...samplingRules(interpolator, boundary),
    gradient: gradient ? 1 : 0,
  });
  const output = OUTPUT.pack({
    address,
    start: [0, 0, 0],
    planeStride: count,
    size,
    pixel: PIXEL_TYPES.indexOf('float64'),
  });
  const structs = [resident.value.parameters, rules, map.parametersAt(0), output];
  const [x, y, z] = size;
  await engine.lanes.exclusive(async () => {
    const [lane] = engine.lanes.both;
    engine.launch(kernelName(operation, map.kind), structs, [x, y, Math.ceil(z / 4)], lane.stream);
    await engine.lanes.drained(lane);
  });
}

const gridSize = (samples: Samples): readonly number[] =>
  'size' in samples ? asVolume(samples.size) : [samples.points.length, 1, 1];

const sitesOf = (samples: Samples, address: bigint): Uint8Array =>
  OUTPUT.pack({ address, start: [0, 0, 0], planeStride: 0, size: gridSize(samples), pixel: 0 });
