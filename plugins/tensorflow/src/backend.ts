import {
  type Backend,
  createBackend,
  type Operation,
  pixelTypeFacts,
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
  let started: Promise<Tensorflow> | undefined;
  const startOnce = (): Promise<Tensorflow> => {
    started ??= start();
    started.catch(() => {
      started = undefined; // the next call may find what was missing
    });
    return started;
  };
  return createBackend({
    name: NAME,
    capabilities: CAPABILITIES,
    supports,
    async resample(operation, signal) {
      const { interpolator, boundary, gradient } = operation;
      if (!isOwn(interpolator)) throw new VoxhostError('UNSUPPORTED', lacks(interpolator));
      const tf = await startOnce();
      signal?.throwIfAborted();
      return prepareResample(tf, operation, { interpolator, boundary, gradient });
    },
    async metric(operation, signal) {
      const tf = await startOnce();
      signal?.throwIfAborted();
      return prepareMetric(tf, operation);
    },
  });
}

const lacks = (interpolator: string) => ({
  backend: NAME,
  axis: 'interpolator',
  reason: `has no ${interpolator}`,
});

function supports(operation: Operation): Support {
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
