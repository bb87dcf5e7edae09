import type { Backend, Prepared, Support } from '../backend.js';
import { matchCapabilities } from '../capability-match.js';
import { VoxhostError } from '../errors.js';
import { voxelCount } from '../grid.js';
import type { Image } from '../image.js';
import { type Interpolator, splineOrder } from '../interpolator.js';
import type { Operation } from '../operation.js';
import { pixelTypeFacts } from '../pixel-type.js';
import { type Breathe, createBreather } from '../runs/breather.js';
import { createRunQueue, type RunQueue } from '../runs/run-queue.js';
import { CAPABILITIES } from './capabilities.js';
import { prepareMetric } from './metric/prepare-metric.js';
import { prepareResample } from './prepare-resample.js';

const NAME = 'reference';

/**
 * The oracle: every operation of the contract in plain float64 loops, one thread, slow and obviously right.
 *
 * The derivative of an interpolant is that of the piece in the cell floor(x) of the position, the last cell
 * closed; `nearest`, `nearest-even` and `label-linear` are flat; beyond a boundary that has a value so is all.
 */
export function createReference(): Backend {
  const open = new Set<RunQueue>();
  let disposed = false;
  return {
    name: NAME,
    capabilities: CAPABILITIES,
    supports,
    async prepare<O extends Operation>(operation: O, signal?: AbortSignal) {
      if (disposed) throw new VoxhostError('DISPOSED', { what: `backend "${NAME}"` });
      signal?.throwIfAborted();
      const support = supports(operation);
      if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: NAME, ...support });
      const queue = openQueue(`a ${operation.kind} of backend "${NAME}"`, open);
      const breathe = createBreather(signal ? { signal } : {});
      const prepared = await prepareOperation(operation, queue, breathe);
      if (disposed) throw new VoxhostError('DISPOSED', { what: `backend "${NAME}"` });
      return prepared as Prepared<O['kind']>;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([...open].map((queue) => queue.close()));
    },
  };
}

/** A queue that is among the open ones until it is closed. */
function openQueue(what: string, open: Set<RunQueue>): RunQueue {
  const { enqueue, close } = createRunQueue(what);
  const queue: RunQueue = {
    enqueue,
    close() {
      open.delete(queue);
      return close();
    },
  };
  open.add(queue);
  return queue;
}

function supports(operation: Operation): Support {
  const match = matchCapabilities(CAPABILITIES, operation);
  if (!match.ok) return { ok: false, ...match.mismatch };
  return { ok: true, memory: memoryOf(operation) };
}

/** Bytes: float64 coefficients of B-splines, the output of a resample, the values that a metric compares. */
function memoryOf(operation: Operation): { prepare: number; run: number } {
  const { demand } = operation;
  if (operation.kind === 'metric') {
    const { fixed, moving, movingInterpolator } = operation;
    return {
      prepare: coefficientBytes(moving, movingInterpolator),
      run: demand.perRun * (1 + 24 * fixed.channels),
    };
  }
  const { source, interpolator, pixelType, gradient } = operation;
  const planes = source.channels * (gradient ? 1 + source.grid.size.length : 1);
  return {
    prepare: coefficientBytes(source, interpolator),
    run: demand.perRun * planes * pixelTypeFacts(pixelType).bytes,
  };
}

const coefficientBytes = ({ channels, grid }: Image, interpolator: Interpolator): number =>
  splineOrder(interpolator) === undefined ? 0 : 8 * channels * voxelCount(grid.size);

function prepareOperation(
  operation: Operation,
  queue: RunQueue,
  breathe: Breathe,
): Promise<Prepared<'resample'> | Prepared<'metric'>> {
  return operation.kind === 'resample'
    ? prepareResample(operation, queue, breathe)
    : prepareMetric(operation, queue, breathe);
}
