import {
  type Image,
  PIXEL_TYPES,
  type PixelType,
  pixelTypeFacts,
  type Resample,
  type SliceWindow,
  splineOrder,
  voxelCount,
} from '@voxhost/sdk';
import { copyIn, copyInParts, viewOf } from './copy.js';
import { encodeJob, type ResidentSource } from './encode-job.js';
import type { Engine } from './engine.js';
import { type Held, holdOn } from './held.js';
import * as layout from './job-layout.js';
import { samplingRules } from './sampling-rules.js';

/**
 * SciPy's margin for boundaries that no filter extends: so many samples of padding bring what follows, which falls
 * with the largest pole (0.43 for order 5), below 1e-4 of its influence.
 */
const MARGIN = 12;

/** Are values computed in float64? Float32 does not hold every value of these types exactly. */
export const isWide = ({ source, pixelType, interpolator }: Resample): boolean =>
  [source.pixelType, pixelType].some(isWideType) || interpolator === 'label-linear';

const isWideType = (pixelType: PixelType): boolean =>
  pixelTypeFacts(pixelType).bytes > 2 && pixelType !== 'float32';

/** Size of a picture as of a volume of one slice. */
export const asVolume = (size: readonly number[]): readonly number[] =>
  size.length === 2 ? [...size, 1] : size;

/** Where B-spline coefficients go: type and size; undefined for what is sampled as it is. */
export function coefficientsOf(
  operation: Resample,
):
  | { readonly pixelType: PixelType; readonly margin: number; readonly size: readonly number[] }
  | undefined {
  const { interpolator, boundary, source } = operation;
  if (splineOrder(interpolator) === undefined) return undefined;
  const margin = boundary.kind === 'nearest' || boundary.kind === 'grid-constant' ? MARGIN : 0;
  const size = source.grid.size.map((n) => n + 2 * margin);
  return { pixelType: isWide(operation) ? 'float64' : 'float32', margin, size: asVolume(size) };
}

/**
 * Bytes from which a source that is sampled once is brought to the workers' memory part by part: a copy of it would be
 * half of input and output together, which counts where they are large.
 */
const STREAMED_FROM = 2 ** 26;

/** Does a source stay with the caller, to be read slice by slice as the blocks of its one run need them? */
export function isStreamed(operation: Resample): boolean {
  const { source, demand } = operation;
  return (
    source.grid.size.length === 3 &&
    source.data.byteLength > STREAMED_FROM &&
    demand.runs === 1 &&
    demand.samples === 'grid' &&
    demand.maps.every((shape) => shape === 'affine') &&
    coefficientsOf(operation) === undefined
  );
}

/** The slices of a window, of every channel, in memory that is released with `held`. */
export function loadWindow(
  { heap }: Engine,
  image: Image,
  window: SliceWindow,
  held: Held,
): ResidentSource {
  const [x, y, z] = image.grid.size;
  const slice = x * y;
  const bytes = image.data.BYTES_PER_ELEMENT;
  const address = held.allocate(window.count * slice * image.channels * bytes);
  for (let channel = 0; channel < image.channels; channel++) {
    const from = (channel * z + window.first) * slice;
    const part = image.data.subarray(from, from + window.count * slice);
    copyIn(heap, address + channel * window.count * slice * bytes, part);
  }
  const type = PIXEL_TYPES.indexOf(image.pixelType);
  return { address, type, size: image.grid.size, margin: 0, window };
}

/** Brings a source, or its B-spline coefficients, to the workers' memory; the caller releases `address`. */
export async function prepareSource(
  engine: Engine,
  operation: Resample,
  signal: AbortSignal | undefined,
): Promise<ResidentSource> {
  const { heap } = engine;
  const { source: image } = operation;
  const coefficients = coefficientsOf(operation);
  if (coefficients === undefined) return residentImage(engine, image, signal);
  const { pixelType, margin, size } = coefficients;
  const values = voxelCount(size) * image.channels;
  const address = heap.allocate(values * pixelTypeFacts(pixelType).bytes);
  try {
    if (margin === 0 && image.pixelType === pixelType)
      await copyInParts(heap, address, image.data, signal);
    else await extendInto(engine, operation, address, signal);
    await filterAxes(engine, operation, address, signal);
  } catch (error) {
    heap.release(address);
    throw error;
  }
  return { address, type: PIXEL_TYPES.indexOf(pixelType), size, margin };
}

async function residentImage(
  { heap }: Engine,
  image: Image,
  signal: AbortSignal | undefined,
): Promise<ResidentSource> {
  const address = heap.allocate(image.data.byteLength);
  try {
    await copyInParts(heap, address, image.data, signal);
  } catch (error) {
    heap.release(address);
    throw error;
  }
  const type = PIXEL_TYPES.indexOf(image.pixelType);
  return { address, type, size: asVolume(image.grid.size), margin: 0 };
}

/** Converts, and pads by the margin. */
async function extendInto(
  engine: Engine,
  operation: Resample,
  address: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { heap, pool } = engine;
  const coefficients = coefficientsOf(operation);
  if (coefficients === undefined) return;
  const { size, margin, pixelType } = coefficients;
  const source = await residentImage(engine, operation.source, signal);
  using held = holdOn(heap);
  try {
    const job = held.allocate(layout.JOB_BYTES);
    const dims = operation.source.grid.size.length;
    encodeJob(viewOf(heap, job, layout.JOB_BYTES), {
      dims,
      channels: operation.source.channels,
      gradient: false,
      wide: isWide(operation),
      source,
      rules: samplingRules(operation.interpolator, operation.boundary),
      output: {
        address,
        type: PIXEL_TYPES.indexOf(pixelType),
        size,
        start: [-margin, -margin, dims === 2 ? 0 : -margin],
      },
      tile: [size[0], size[1], 1],
      steps: { address: 0, count: 0 },
      points: 0,
    });
    await pool.execute(job, { kernel: 'extend', signal });
  } finally {
    heap.release(source.address);
  }
}

async function filterAxes(
  { heap, pool }: Engine,
  operation: Resample,
  address: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const coefficients = coefficientsOf(operation);
  const order = splineOrder(operation.interpolator);
  if (coefficients === undefined || order === undefined) return;
  using held = holdOn(heap);
  const job = held.allocate(layout.FILTER_BYTES);
  const { channels } = operation.source;
  const [x, y, z] = coefficients.size;
  const across = Math.ceil(x / layout.FILTER_LINES);
  const bundles = [
    Math.ceil((y * z * channels) / layout.FILTER_LINES),
    across * z * channels,
    across * y * channels,
  ];
  for (let axis = 0; axis < operation.source.grid.size.length; axis++) {
    const words = [0, 0, bundles[axis], address, isWide(operation) ? 1 : 0, x, y, z, channels];
    const view = new Int32Array(heap.memory.buffer, job, layout.FILTER_BYTES / 4);
    const fold = filterFold(operation);
    view.set([...words, axis, order, fold, fold]);
    await pool.execute(job, { kernel: 'filter', signal });
  }
}

/** How the filter extends its lines: what was padded by the edge, by half-sample reflection; by a value, mirrored. */
function filterFold({ interpolator, boundary }: Resample): number {
  if (boundary.kind === 'nearest') return layout.FOLD_REFLECT;
  if (boundary.kind === 'grid-constant') return layout.FOLD_MIRROR;
  return samplingRules(interpolator, boundary).fold;
}
