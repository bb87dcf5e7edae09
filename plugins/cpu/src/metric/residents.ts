import {
  asVolume,
  fitsFloat32,
  type Image,
  METRIC_BOUNDARY,
  type Metric,
  PIXEL_TYPES,
  type Resample,
  splineOrder,
  voxelCount,
} from '@voxhost/sdk';
import type { ResidentSource } from '../encode-job.js';
import type { Engine } from '../engine.js';
import type { Held } from '../held.js';
import { prepareSource } from '../prepare-source.js';
import { type Survey, surveyImage } from './survey.js';

/** Squares of float32 values within these neither overflow nor vanish, summed over any volume. */
const LARGEST_NARROW = 1e15;
const SMALLEST_NARROW = 1e-12;

/** What stays in the workers' memory from run to run. */
export interface Residents {
  /** Are all voxels of the grid compared in float32? Points never are. */
  readonly isNarrow: boolean;
  /** May a value be infinite or no number? */
  readonly checks: boolean;
  readonly fixed: ResidentSource;
  /** Samples, or coefficients. */
  readonly moving: ResidentSource;
  /** A byte per voxel; 0: no mask. */
  readonly fixedMask: number;
  readonly movingMask: number;
  readonly fixedSurvey: Survey;
  readonly movingSurvey: Survey;
}

/** Brings the images and masks to the workers' memory, in the type of arithmetic. */
export async function prepareResidents(
  engine: Engine,
  operation: Metric,
  held: Held,
  signal: AbortSignal | undefined,
): Promise<Residents> {
  const { fixed, moving, fixedMask, movingMask, movingInterpolator } = operation;
  const fixedSurvey = surveyImage(fixed, fixedMask);
  const movingSurvey = surveyImage(moving, movingMask);
  const isNarrow = isNarrowPair(operation, [fixedSurvey, movingSurvey]);
  return {
    isNarrow,
    checks: !fixedSurvey.areFinite || !movingSurvey.areFinite,
    fixed: residentAs(engine, fixed, isNarrow ? 'float32' : 'float64', held),
    moving:
      splineOrder(movingInterpolator) === undefined
        ? residentAs(engine, moving, isNarrow ? 'float32' : 'float64', held)
        : await residentCoefficients(engine, moving, { held, signal, operation }),
    fixedMask: residentMask(engine, fixedMask, held),
    movingMask: residentMask(engine, movingMask, held),
    fixedSurvey,
    movingSurvey,
  };
}

/** Labels are told apart in float64, and so is all that a wide kernel weighs. */
function isNarrowPair(operation: Metric, surveys: readonly Survey[]): boolean {
  const { name, fixed, moving, movingInterpolator } = operation;
  return (
    name !== 'label-overlap' &&
    ['linear', 'nearest', 'nearest-even'].includes(movingInterpolator) &&
    [fixed, moving].every(({ pixelType }) => fitsFloat32(pixelType)) &&
    surveys.every(
      ({ areFinite, largest }) =>
        areFinite && (largest === 0 || (largest >= SMALLEST_NARROW && largest <= LARGEST_NARROW)),
    )
  );
}

/** An image's samples as float32 or float64. */
function residentAs(
  { heap }: Engine,
  image: Image,
  pixelType: 'float32' | 'float64',
  held: Held,
): ResidentSource {
  const isWide = pixelType === 'float64';
  const address = held.allocate(image.data.length * (isWide ? 8 : 4));
  const Values = isWide ? Float64Array : Float32Array;
  new Values(heap.memory.buffer, address, image.data.length).set(image.data);
  return {
    address,
    type: PIXEL_TYPES.indexOf(pixelType),
    size: asVolume(image.grid.size),
    margin: 0,
  };
}

/** An image's B-spline coefficients in float64. */
export async function residentCoefficients(
  engine: Engine,
  image: Image,
  {
    held,
    signal,
    operation,
    interpolator = operation.movingInterpolator,
  }: {
    readonly held: Held;
    readonly signal: AbortSignal | undefined;
    readonly operation: Metric;
    readonly interpolator?: Metric['movingInterpolator'];
  },
): Promise<ResidentSource> {
  const resample: Resample = {
    kind: 'resample',
    source: image,
    interpolator,
    boundary: METRIC_BOUNDARY,
    pixelType: 'float64',
    gradient: true,
    demand: operation.demand,
  };
  const source = await prepareSource(engine, resample, signal);
  held.adopt(source.address);
  return source;
}

function residentMask({ heap }: Engine, mask: Image | undefined, held: Held): number {
  if (mask === undefined) return 0;
  const voxels = voxelCount(mask.grid.size);
  const address = held.allocate(voxels);
  const bytes = heap.bytes(address, voxels);
  for (let i = 0; i < voxels; i++) bytes[i] = mask.data[i] === 0 ? 0 : 1;
  return address;
}
