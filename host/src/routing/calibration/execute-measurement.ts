import {
  affineMap,
  allocatePixels,
  type Backend,
  fieldMap,
  type IndexMap,
  identityMap,
  locateAll,
  type MapShape,
  type MetricRun,
  type Operation,
  type Prepared,
  pointsMap,
  type ResampleRun,
  sequenceMap,
  VoxhostError,
} from '@voxhost/sdk';
import { workloadOf } from '../../cost/workload.js';
import { outputLength } from '../../loading/process/output-length.js';
import type { Measurement } from './measurement.js';

/** Timed runs of each preparation, after the first. */
const TIMED_RUNS = 3;

/**
 * Prepares and runs one operation on one backend and takes the times: the shortest, since what else goes on in the
 * machine only ever adds to them. Rejects as the backend does, and with the signal's reason.
 */
export async function executeMeasurement(
  backend: Backend,
  operation: Operation,
  signal?: AbortSignal,
): Promise<Measurement> {
  signal?.throwIfAborted();
  const support = backend.supports(operation);
  if (!support.ok) {
    throw new VoxhostError('UNSUPPORTED', {
      backend: backend.name,
      axis: support.axis,
      reason: support.reason,
    });
  }
  const { size } = operation.kind === 'resample' ? operation.source.grid : operation.fixed.grid;
  const map = mapOf(operation.demand.maps[0] ?? 'affine', size);
  const started = performance.now();
  await using prepared = await backend.prepare(operation, signal);
  const prepareMs = performance.now() - started;
  const run = { ...runOf(operation), ...(signal && { signal }) };
  const firstMs = await timeRun(prepared, map, run);
  const times: number[] = [];
  for (let n = 0; n < TIMED_RUNS; n++) times.push(await timeRun(prepared, map, run));
  const runMs = Math.min(...times);
  // What a preparation leaves to the first run, as to bring the source there, is its own.
  const leftMs = Math.max(0, firstMs - runMs);
  return { work: workloadOf(operation), prepareMs: prepareMs + leftMs, runMs };
}

async function timeRun(
  prepared: Prepared<Operation['kind']>,
  map: IndexMap,
  run: ResampleRun & MetricRun,
): Promise<number> {
  const started = performance.now();
  await prepared.run(map, run);
  return performance.now() - started;
}

/** With a buffer that was written before: new memory costs much, and no backend is to blame for it. */
function runOf(operation: Operation): ResampleRun & MetricRun {
  const { size } = operation.kind === 'resample' ? operation.source.grid : operation.fixed.grid;
  const derivative = operation.kind === 'metric' && operation.derivative;
  const samples = samplesOf(operation.demand.samples, size);
  const points = 'points' in samples ? samples : {};
  if (operation.kind === 'metric') return { derivative, samples, ...points };
  const into = allocatePixels(operation.pixelType, outputLength(operation, { samples })).fill(1);
  return { derivative, samples, ...points, into };
}

const samplesOf = (
  shape: Operation['demand']['samples'],
  size: readonly number[],
): { readonly size: readonly number[] } | { readonly points: Float64Array } =>
  shape === 'grid'
    ? { size }
    : { points: locateAll(identityMap(size.length), { size }, size.length) };

/** A turn by a tenth of a radian in the plane of the first two axes about the centre, in the form that is asked for. */
function mapOf(shape: MapShape, size: readonly number[]): IndexMap {
  const turn = affineMap(turned(size));
  switch (shape) {
    case 'affine':
      return turn;
    case 'points':
      return pointsMap(locateAll(turn, { size }, size.length));
    case 'field-1':
    case 'field-3':
      return overLattice(turn.matrix, size, shape === 'field-1' ? 1 : 3);
    case 'sequence':
      return sequenceMap([overLattice(turn.matrix, size, 1), overLattice(turn.matrix, size, 1)]);
    default:
      return shape satisfies never;
  }
}

function turned(size: readonly number[]): Float64Array {
  const [c, s] = [Math.cos(0.1), Math.sin(0.1)];
  const [x, y] = size.map((n) => (n - 1) / 2);
  const [cx, cy] = [x ?? 0, y ?? 0];
  const matrix = identityMap(size.length).matrix;
  const width = size.length + 1;
  matrix.set([c, -s], 0);
  matrix.set([s, c], width);
  matrix[size.length] = cx - c * cx + s * cy;
  matrix[width + size.length] = cy - s * cx - c * cy;
  return matrix;
}

function overLattice(
  matrix: Float64Array,
  size: readonly number[],
  order: 1 | 3,
): ReturnType<typeof fieldMap> {
  const dims = size.length;
  const points = order === 1 ? size : size.map(() => 8);
  const count = points.reduce((product, n) => product * n, 1) * dims;
  const data = Float32Array.from({ length: count }, (_, i) => Math.sin(i));
  const lookup = identityMap(dims).matrix.map((v, i) =>
    order === 1 ? v : v * (5 / (size[i % (dims + 1)] ?? 1)),
  );
  const vectors = Float64Array.from({ length: dims * dims }, (_, i) =>
    i % (dims + 1) === 0 ? 1 : 0,
  );
  return fieldMap({
    matrix,
    vectors,
    lookup,
    lattice: { size: points, order, outside: 'edge', data },
  });
}
