import { VoxhostError } from '../errors.js';
import type { Image } from '../image.js';
import { type IndexMap, mapMembers } from '../index-map.js';
import { type Interpolator, splineOrder } from '../interpolator.js';
import { sampleCount } from '../map/locate-all.js';
import { requireMap } from '../map/map-problem.js';
import type { Resample } from '../operation.js';
import { allocatePixels, type Pixels, pixelTypeOf } from '../pixel-type.js';
import type { ResampleRun } from '../run.js';

/**
 * Throws `BAD_IMAGE` when a B-spline is to be prepared from a source, and `BAD_ARGUMENT` when from a lattice of
 * fill values, that is not finite: its prefilter would spread one such value over the whole image. Reads
 * every pixel of a float source.
 */
export function requireFiniteForSpline({ source, interpolator, boundary }: Resample): void {
  requireFinite(source, interpolator);
  if (splineOrder(interpolator) === undefined) return;
  if (boundary.kind === 'grid-constant' && !Number.isFinite(boundary.value)) {
    const reason = `fills with ${boundary.value}, which the prefilter of ${interpolator} would spread`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'boundary', reason });
  }
}

/** The same of any image and interpolator. */
export function requireFinite(image: Image, interpolator: Interpolator): void {
  if (splineOrder(interpolator) === undefined) return;
  const at = firstNonFinite(image);
  if (at < 0) return;
  const reason = `has ${image.data[at]} at ${at}, which the prefilter of ${interpolator} would spread`;
  throw new VoxhostError('BAD_IMAGE', { field: 'data', reason });
}

function firstNonFinite({ pixelType, data }: Image): number {
  if (pixelType !== 'float32' && pixelType !== 'float64') return -1;
  return areFinite(data) ? -1 : data.findIndex((value) => !Number.isFinite(value));
}

/** 0 times what is finite is 0. Four sums, since an addition waits for the one before: half the time of a test for each. */
function areFinite(data: Pixels): boolean {
  const whole = data.length - (data.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += data[i] * 0;
    b += data[i + 1] * 0;
    c += data[i + 2] * 0;
    d += data[i + 3] * 0;
  }
  for (let i = whole; i < data.length; i++) a += data[i] * 0;
  return a + b + c + d === 0;
}

/** What a checked run will compute. */
export interface ResampleShape {
  readonly samples: number;
  /** Values per sample: C, and with gradient C more per axis. */
  readonly planes: number;
}

/** Throws `BAD_ARGUMENT` for a map, samples or buffer that do not fit the operation or each other. */
export function requireResampleRun(
  operation: Resample,
  map: IndexMap,
  run: ResampleRun,
): ResampleShape {
  const { source, gradient } = operation;
  const dims = source.grid.size.length;
  requireMap(map, dims);
  const samples = sampleCount(run.samples, dims);
  if (map.kind === 'points' && map.positions.length !== samples * dims) {
    const reason = `has ${map.positions.length / dims} positions for ${samples} samples`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason });
  }
  const shape = { samples, planes: source.channels * (gradient ? 1 + dims : 1) };
  const reason = run.into && intoProblem(run.into, operation, samples * shape.planes);
  if (reason !== undefined) throw new VoxhostError('BAD_ARGUMENT', { argument: 'into', reason });
  if (run.into !== undefined) requireApart(run.into, inputsOf(operation, map, run));
  return shape;
}

/** The run's buffer, or a new one. */
export function outputOf(operation: Resample, run: ResampleRun, shape: ResampleShape): Pixels {
  return run.into ?? allocatePixels(operation.pixelType, shape.samples * shape.planes);
}

function intoProblem(into: Pixels, { pixelType }: Resample, length: number): string | undefined {
  const type = pixelTypeOf(into);
  if (type !== pixelType) return `is ${type ?? 'no typed array'}, not ${pixelType}`;
  return into.length === length ? undefined : `has ${into.length} values where ${length} are due`;
}

function inputsOf(
  operation: Resample,
  map: IndexMap,
  run: ResampleRun,
): readonly ArrayBufferView[] {
  return [
    operation.source.data,
    ...('points' in run.samples ? [run.samples.points] : []),
    ...(map.kind === 'points' ? [map.positions] : []),
    ...mapMembers(map).flatMap((member) => (member.kind === 'field' ? [member.lattice.data] : [])),
  ];
}

function requireApart(into: Pixels, inputs: readonly ArrayBufferView[]): void {
  for (const input of inputs) {
    if (input.buffer !== into.buffer) continue;
    const apart =
      into.byteOffset >= input.byteOffset + input.byteLength ||
      input.byteOffset >= into.byteOffset + into.byteLength;
    if (apart) continue;
    const reason = 'shares memory with an input of the run';
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'into', reason });
  }
}
