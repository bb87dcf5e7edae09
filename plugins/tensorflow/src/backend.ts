import {
  type Backend,
  createRunQueue,
  matchCapabilities,
  type Operation,
  type Prepared,
  pixelTypeFacts,
  type RunQueue,
  type Support,
  VoxhostError,
  voxelCount,
} from '@voxhost/sdk';
import { CAPABILITIES, NAME } from './capabilities.js';
import { prepareMetric } from './metric/prepare-metric.js';
import { CHUNK, prepareResample } from './prepare-resample.js';
import { isOwn } from './sampling/interpolate.js';
import type { Tensorflow } from './start/tensorflow.js';

/** Columns of float32 that live at once while a chunk is computed. */
const COLUMNS = 100;

/** @param start - gives TensorFlow, at the first `prepare`; nothing of it is touched before */
export function createTensorflowBackend(start: () => Promise<Tensorflow>): Backend {
  const open = new Set<AsyncDisposable>();
  let started: Promise<Tensorflow> | undefined;
  let disposed = false;
  const startOnce = (): Promise<Tensorflow> => {
    started ??= start();
    started.catch(() => {
      started = undefined; // the next call may find what was missing
    });
    return started;
  };
  return {
    name: NAME,
    capabilities: CAPABILITIES,
    supports,
    async prepare<O extends Operation>(operation: O, signal?: AbortSignal) {
      if (disposed) throw new VoxhostError('DISPOSED', { what: `backend "${NAME}"` });
      signal?.throwIfAborted();
      const support = supports(operation);
      if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: NAME, ...support });
      const tf = await startOnce();
      signal?.throwIfAborted();
      const queue = createRunQueue(`a ${operation.kind} of backend "${NAME}"`);
      const prepared = prepareOperation(tf, operation, queue);
      open.add(prepared);
      return prepared as Prepared<O['kind']>;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      const all = [...open].map((prepared) => prepared[Symbol.asyncDispose]());
      open.clear();
      await Promise.all(all);
    },
  };
}

function prepareOperation(
  tf: Tensorflow,
  operation: Operation,
  queue: RunQueue,
): Prepared<'resample'> | Prepared<'metric'> {
  if (operation.kind === 'metric') return prepareMetric(tf, operation, queue);
  const { interpolator, boundary, gradient } = operation;
  if (!isOwn(interpolator)) throw new VoxhostError('UNSUPPORTED', lacks(interpolator));
  return prepareResample(tf, operation, { interpolator, boundary, gradient }, queue);
}

const lacks = (interpolator: string) => ({
  backend: NAME,
  axis: 'interpolator',
  reason: `has no ${interpolator}`,
});

function supports(operation: Operation): Support {
  const match = matchCapabilities(CAPABILITIES, operation);
  if (!match.ok) return { ok: false, ...match.mismatch };
  if (operation.kind === 'metric') {
    const { fixedInterpolator, movingInterpolator } = operation;
    const other = [fixedInterpolator, movingInterpolator].find((one) => !isOwn(one));
    if (other !== undefined) return { ok: false, axis: 'interpolator', reason: `has no ${other}` };
  }
  return { ok: true, memory: memoryOf(operation) };
}

function memoryOf(operation: Operation): { prepare: number; run: number } {
  const columns = 4 * COLUMNS * Math.min(CHUNK, operation.demand.perRun);
  if (operation.kind === 'metric') {
    const { fixed, moving } = operation;
    const voxels = voxelCount(fixed.grid.size) + voxelCount(moving.grid.size);
    return { prepare: 4 * (fixed.channels + 1) * voxels, run: columns };
  }
  const { source, pixelType, gradient, demand } = operation;
  const planes = source.channels * (gradient ? 1 + source.grid.size.length : 1);
  return {
    prepare: 4 * source.channels * voxelCount(source.grid.size),
    run: columns + demand.perRun * planes * pixelTypeFacts(pixelType).bytes,
  };
}
