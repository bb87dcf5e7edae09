import {
  type Backend,
  createBackend,
  type Image,
  type Operation,
  type Prepare,
  pixelTypeFacts,
  type Support,
} from '@voxhost/sdk';
import { CAPABILITIES } from './capabilities.js';
import type { DeviceFacts } from './driver.js';
import { contractError, isDeviceLost } from './driver-error.js';
import type { Engine } from './engine.js';
import { prepareMetric } from './metric/prepare-metric.js';
import { prepareResample } from './prepare-resample.js';
import { residentBytes } from './resample-rules.js';

export const NAME = 'cuda';

/** The kernels count an axis in 20 bits, sign included, and reach some samples beyond it. */
const LONGEST_AXIS = 2 ** 18;

/** The backend of one device, which it enters and leaves. */
export function createCudaBackend(engine: Engine): Backend {
  let lost: unknown;

  /** Errors of the driver become those of the contract; one that sticks is remembered, so that no call is tried again. */
  async function guarded<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (lost !== undefined) throw contractError(lost, NAME);
    try {
      return await work();
    } catch (error) {
      if (isDeviceLost(error)) lost = error;
      throw contractError(error, NAME, bytes);
    }
  }

  const guarding =
    <O extends Operation>(prepare: PrepareOn<O>): Prepare<O> =>
    async (operation, signal) => {
      const memory = memoryOf(operation);
      const prepared = await guarded(memory.prepare, () => prepare(engine, operation, signal));
      return { ...prepared, run: (map, run) => guarded(memory.run, () => prepared.run(map, run)) };
    };

  return createBackend({
    name: NAME,
    capabilities: CAPABILITIES,
    supports: (operation) => supports(operation, engine.device),
    resample: guarding(prepareResample),
    metric: guarding(prepareMetric),
    async dispose() {
      if (lost === undefined) engine[Symbol.dispose]();
    },
  });
}

type PrepareOn<O extends Operation> = (
  engine: Engine,
  ...asked: Parameters<Prepare<O>>
) => ReturnType<Prepare<O>>;

function supports(operation: Operation, device: DeviceFacts): Support {
  const longest = Math.max(...imagesOf(operation).flatMap(({ grid }) => grid.size));
  if (longest > LONGEST_AXIS) {
    return {
      ok: false,
      axis: 'size',
      reason: `takes ${LONGEST_AXIS} voxels per axis, not ${longest}`,
    };
  }
  const { prepare, run } = memoryOf(operation);
  const most = device.memoryBytes;
  // What has no room goes there in parts, but for what lists of points in no order look at, which is all of it.
  if (prepare > most && operation.kind === 'metric' && operation.demand.samples === 'points') {
    const reason = `${device.name} has ${most} bytes, and ${prepare} must stay there`;
    return { ok: false, axis: 'memory', reason };
  }
  return { ok: true, memory: { prepare: Math.min(prepare, most), run: Math.min(run, most) } };
}

const imagesOf = (operation: Operation): readonly Image[] =>
  operation.kind === 'resample' ? [operation.source] : [operation.fixed, operation.moving];

/** Bytes of the device: the sources or their coefficients, and the output or the samples of one run. */
function memoryOf(operation: Operation): { prepare: number; run: number } {
  const { demand } = operation;
  if (operation.kind === 'metric') {
    const { fixed, moving, derivative } = operation;
    const dims = fixed.grid.size.length;
    const planes = 3 + fixed.channels * (2 + (derivative ? dims : 0));
    return {
      prepare: fixed.data.byteLength + moving.data.byteLength,
      run: 8 * demand.perRun * planes,
    };
  }
  const { source, pixelType, gradient } = operation;
  const planes = source.channels * (gradient ? 1 + source.grid.size.length : 1);
  return {
    prepare: residentBytes(operation),
    run: demand.perRun * planes * pixelTypeFacts(pixelType).bytes,
  };
}
