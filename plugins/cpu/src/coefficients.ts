import {
  filterExtension,
  fitsFloat32,
  PIXEL_TYPES,
  pixelTypeFacts,
  type Resample,
  splineMargin,
  splineOrder,
  voxelCount,
} from '@voxhost/sdk';
import { boxCount, type IndexBox, type IndexRange, isWithin } from './bricks/index-box.js';
import { foldedRange, type SampleAxis } from './bricks/sample-box.js';
import { viewOf } from './copy.js';
import { copyBoxIn, type Planes } from './copy-box.js';
import { encodeJob } from './encode-job.js';
import type { Engine } from './engine.js';
import { holdOn } from './held.js';
import * as layout from './job-layout.js';
import { writeTables } from './sample-tables.js';
import { FOLD, samplingRules } from './sampling-rules.js';

/** Of a source that is to be converted, brought to the workers' memory at a time. */
const STAGED_BYTES = 2 ** 24;

/** B-spline coefficients as they will lie in memory. */
export interface Coefficients {
  readonly pixelType: 'float32' | 'float64';
  readonly order: number;
  /** Padded samples on either side. */
  readonly margin: number;
  /** x y z, padding included. */
  readonly size: readonly number[];
}

/** Are values computed in float64? */
export const isWide = ({ source, pixelType, interpolator }: Resample): boolean =>
  ![source.pixelType, pixelType].every(fitsFloat32) || interpolator === 'label-linear';

/** Size of a picture as of a volume of one slice. */
export const asVolume = (size: readonly number[]): readonly number[] =>
  size.length === 2 ? [...size, 1] : size;

/** Undefined for what is sampled as it is. */
export function coefficientsOf(operation: Resample): Coefficients | undefined {
  const { interpolator, boundary, source } = operation;
  const order = splineOrder(interpolator);
  if (order === undefined) return undefined;
  const margin = splineMargin(boundary.kind);
  const size = source.grid.size.map((n) => n + 2 * margin);
  return {
    pixelType: isWide(operation) ? 'float64' : 'float32',
    order,
    margin,
    size: asVolume(size),
  };
}

/** Bytes that a box of coefficients, or of the samples where there are none, takes, and what it takes to make them. */
export const bytesPerSample = (operation: Resample): number =>
  pixelTypeFacts(coefficientsOf(operation)?.pixelType ?? operation.source.pixelType).bytes *
  operation.source.channels;

/** The axes of what is sampled, x y z. */
export function sampleAxes(operation: Resample): readonly SampleAxis[] {
  const dims = operation.source.grid.size.length;
  const { size, margin } = coefficientsOf(operation) ?? {
    size: asVolume(operation.source.grid.size),
    margin: 0,
  };
  return size.map((count, axis) => ({ count, margin: axis < dims ? margin : 0 }));
}

/** A box of coefficients at an address, one channel after the other. */
export interface CoefficientBox {
  readonly address: number;
  readonly box: IndexBox;
}

/**
 * Makes the coefficients of a box from the samples in it: those nearer to a side beyond which more follow than
 * `splineMargin` says are not right. On a periodic axis a box may go round the end.
 *
 * @returns whether all are finite, and so the samples
 */
export async function makeCoefficients(
  engine: Engine,
  operation: Resample,
  target: CoefficientBox,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const coefficients = coefficientsOf(operation);
  if (coefficients === undefined) return true;
  const { source } = operation;
  const planes = planesOf(operation);
  const isAsItIs = coefficients.margin === 0 && source.pixelType === coefficients.pixelType;
  if (isAsItIs && isWithin(target.box, planes.size)) {
    await copyBoxIn(engine.heap, planes, target, signal);
  } else {
    await extendInto(engine, operation, target, signal);
  }
  return filterAxes(engine, operation, target, signal);
}

/** The source as planes of three axes. */
export const planesOf = ({ source }: Resample): Planes => ({
  data: source.data,
  size: asVolume(source.grid.size),
  channels: source.channels,
});

/** Converts and pads, so many slices at a time that little of the source is there twice. */
async function extendInto(
  engine: Engine,
  operation: Resample,
  { address, box }: CoefficientBox,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { data, size, channels } = planesOf(operation);
  const margins = sampleAxes(operation).map(({ margin }) => margin);
  const [x, y, z] = box.map(({ count }) => count);
  const { fold } = samplingRules(operation.interpolator, operation.boundary);
  const bytes = isWide(operation) ? 8 : 4;
  const slices = Math.max(1, Math.floor(STAGED_BYTES / (x * y * data.BYTES_PER_ELEMENT)));
  const volume = voxelCount(size);
  for (let at = 0; at < z * channels; ) {
    const channel = Math.floor(at / z);
    const slice = at % z;
    const count = Math.min(slices, z - slice);
    const part = box.with(2, { first: box[2].first + slice, count });
    const start = part.map(({ first }, axis) => first - margins[axis]);
    const samples = part.map((range, axis) =>
      foldedRange(start[axis], start[axis] + range.count - 1, size[axis], fold),
    );
    const plane = data.subarray(channel * volume, (channel + 1) * volume);
    const from = { planes: { data: plane, size, channels: 1 }, box: samples };
    const into = { address: address + at * x * y * bytes, size: [x, y, count], start };
    await extendPart(engine, operation, { from, into, signal });
    at += count;
  }
}

interface Extension {
  readonly from: { readonly planes: Planes; readonly box: IndexBox };
  readonly into: {
    readonly address: number;
    readonly size: readonly number[];
    readonly start: readonly number[];
  };
  readonly signal: AbortSignal | undefined;
}

async function extendPart(
  { heap, pool }: Engine,
  operation: Resample,
  { from: { planes, box }, into, signal }: Extension,
): Promise<void> {
  using held = holdOn(heap);
  const { source } = operation;
  const staged = held.allocate(boxCount(box) * planes.data.BYTES_PER_ELEMENT);
  await copyBoxIn(heap, planes, { address: staged, box }, signal);
  const tables = isWithin(box, planes.size) ? undefined : writeTables(heap, planes.size, box, held);
  const job = held.allocate(layout.JOB_BYTES);
  encodeJob(viewOf(heap, job, layout.JOB_BYTES), {
    dims: source.grid.size.length,
    channels: 1,
    gradient: false,
    wide: isWide(operation),
    source: {
      address: staged,
      type: PIXEL_TYPES.indexOf(source.pixelType),
      size: planes.size,
      margin: 0,
      part: { box, tables },
    },
    rules: samplingRules(operation.interpolator, operation.boundary),
    output: { ...into, type: PIXEL_TYPES.indexOf(isWide(operation) ? 'float64' : 'float32') },
    tile: into.size.with(2, 1),
    steps: { address: 0, count: 0 },
    points: 0,
  });
  await pool.execute(job, { kernel: 'extend', signal });
}

async function filterAxes(
  { heap, pool }: Engine,
  operation: Resample,
  { address, box }: CoefficientBox,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const coefficients = coefficientsOf(operation);
  if (coefficients === undefined) return true;
  using held = holdOn(heap);
  const job = held.allocate(layout.FILTER_BYTES);
  const { channels } = operation.source;
  const [x, y, z] = box.map(({ count }) => count);
  const across = Math.ceil(x / layout.FILTER_LINES);
  const bundles = [
    Math.ceil((y * z * channels) / layout.FILTER_LINES),
    across * z * channels,
    across * y * channels,
  ];
  let isOdd = x * y * z === 1; // a single sample is not filtered
  for (let axis = 0; axis < operation.source.grid.size.length; axis++) {
    const words = [0, 0, bundles[axis], address, isWide(operation) ? 1 : 0, x, y, z, channels];
    const folds = lineEnds(operation, box[axis], coefficients.size[axis]);
    const view = new Int32Array(heap.memory.buffer, job, layout.FILTER_BYTES / 4);
    view.set([...words, axis, coefficients.order, ...folds, 0]);
    await pool.execute(job, { kernel: 'filter', signal });
    const odd = new Int32Array(heap.memory.buffer, job + layout.FILTER_ODD, 1);
    isOdd ||= Atomics.load(odd, 0) !== 0;
  }
  return !isOdd;
}

/** How lines go on before and past a range of an axis of n: as the boundary says, and in any way where they are cut. */
function lineEnds(operation: Resample, { first, count }: IndexRange, n: number): readonly number[] {
  const fold = FOLD[filterExtension(operation.boundary.kind)];
  if (fold === layout.FOLD_PERIODIC) {
    return count === n ? [fold, fold] : [layout.FOLD_MIRROR, layout.FOLD_MIRROR];
  }
  return [first === 0, first + count === n].map((ends) => (ends ? fold : layout.FOLD_MIRROR));
}
