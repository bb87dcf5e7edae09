import {
  type Backend,
  type Context,
  createBackend,
  type Operation,
  pixelTypeFacts,
  type Resample,
  type Support,
} from '@voxhost/sdk';
import { CAPABILITIES } from './capabilities.js';
import { coefficientsOf } from './coefficients.js';
import type { Engine } from './engine.js';
import { createHeap } from './heap.js';
import { FILTER_LINES, SCRATCH_BYTES } from './job-layout.js';
import { isStreamed, LIMITS, type MemoryLimits, residentBytes } from './limits.js';
import { giveBackMemory, takeMemory } from './memories.js';
import { prepareMetric } from './metric/prepare-metric.js';
import { metricMemory, readsOf } from './metric/support-metric.js';
import { createPool } from './pool.js';
import { prepareResample } from './prepare-resample.js';
import { threadCount } from './thread-count.js';

export const NAME = 'cpu';

/** Whole positions are held in 20 bits, sign included. */
const LONGEST_AXIS = 2 ** 18;

/** Bytes of a worker's scratch memory that are not for lines of the prefilter, rounded up. */
const SCRATCH_TAKEN = 2 ** 19;
/** A bundle of lines is filtered in float64 in a worker's scratch memory, padding included. */
const LONGEST_FILTERED = (SCRATCH_BYTES - SCRATCH_TAKEN) / (FILTER_LINES * 8);

/** The CPU backend. Nothing is read, compiled or started before the first `prepare`. */
export function createCpuBackend(context: Context, limits: MemoryLimits = LIMITS): Backend {
  let engine: Promise<Engine> | undefined;
  const started = async (signal: AbortSignal | undefined): Promise<Engine> => {
    engine ??= startEngine(context, limits);
    const running = await engine;
    signal?.throwIfAborted();
    return running;
  };
  return createBackend({
    name: NAME,
    capabilities: CAPABILITIES,
    supports: (operation) => supports(operation, limits),
    resample: async (operation, signal) =>
      prepareResample(await started(signal), operation, signal),
    metric: async (operation, signal) => prepareMetric(await started(signal), operation, signal),
    async dispose() {
      const running = await engine?.catch(() => undefined);
      engine = undefined;
      if (running === undefined) return;
      await running.pool[Symbol.asyncDispose]();
      giveBackMemory(running.heap.memory);
    },
  });
}

async function startEngine(context: Context, limits: MemoryLimits): Promise<Engine> {
  const bytes = await context.resource('bundle/kernels.wasm');
  const [module, url] = await Promise.all([
    WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>),
    context.module('bundle/worker.js'),
  ]);
  const heap = createHeap(takeMemory(), NAME);
  const threads = threadCount(context.threads);
  return { heap, pool: createPool({ backend: NAME, threads, module, url, heap }), limits };
}

function supports(operation: Operation, limits: MemoryLimits): Support {
  const reads = operation.kind === 'metric' ? readsOf(operation) : [operation];
  const size = reads.map(sizeProblem).find((problem) => problem !== undefined);
  if (size !== undefined) return { ok: false, axis: 'size', reason: size };
  const memory =
    operation.kind === 'metric' ? metricMemory(operation) : memoryOf(operation, limits);
  if (memory.prepare <= limits.held) return { ok: true, memory };
  const reason = `holds ${limits.held} bytes of images, not ${memory.prepare}`;
  return { ok: false, axis: 'memory', reason };
}

function sizeProblem(operation: Resample): string | undefined {
  const longest = Math.max(...operation.source.grid.size);
  if (longest > LONGEST_AXIS) return `takes ${LONGEST_AXIS} voxels per axis, not ${longest}`;
  const filtered = Math.max(0, ...(coefficientsOf(operation)?.size ?? []));
  if (filtered <= LONGEST_FILTERED) return undefined;
  return `filters lines of ${LONGEST_FILTERED} coefficients, not ${filtered}`;
}

/** Bytes of the workers' memory: the source or its coefficients, and the output of one run. */
function memoryOf(operation: Resample, limits: MemoryLimits): { prepare: number; run: number } {
  const { source, pixelType, gradient, demand } = operation;
  const planes = source.channels * (gradient ? 1 + source.grid.size.length : 1);
  return {
    prepare: isStreamed(operation, limits) ? 0 : residentBytes(operation),
    run: demand.perRun * planes * pixelTypeFacts(pixelType).bytes,
  };
}
