import {
  type Backend,
  type Context,
  createBackend,
  type Metric,
  type Operation,
  type PreparedParts,
  pixelTypeFacts,
  requireMetric,
  type Support,
  voxelCount,
} from '@voxhost/sdk';
import { badArgument } from './bad-argument.js';
import { CAPABILITIES, NAME } from './capabilities.js';
import { readOptions } from './elastix/read-options.js';
import { CHUNK } from './jacobian/group-size.js';
import { prepareJacobian } from './jacobian/prepare-jacobian.js';
import { openModels } from './model/open-models.js';
import { readNetworks, weightsOf } from './model/read-networks.js';
import { parseOptions } from './options/parse-options.js';
import type { Engine } from './session/engine.js';
import { planLanes } from './session/lanes.js';
import { startEngine } from './session/start-engine.js';
import { prepareStatic } from './static/prepare-static.js';

/**
 * The IMPACT metric. Nothing of onnxruntime is looked for before the first `prepare`.
 *
 * @param provider - execution provider of calls that name none
 */
export function createImpactBackend(context: Context, provider = 'cpu'): Backend {
  const engines = new Map<string, Promise<Engine>>();
  const engineOf = (name: string, lane: number): Promise<Engine> => {
    const key = `${name} ${lane}`;
    const known = engines.get(key);
    if (known !== undefined) return known;
    const engine = startEngine(context, NAME, name);
    engines.set(key, engine);
    engine.catch(() => engines.delete(key)); // the next call may find what was missing
    return engine;
  };
  return createBackend({
    name: NAME,
    capabilities: CAPABILITIES,
    supports,
    metric: async (operation, signal) =>
      checked(operation, await prepareMetric({ context, provider, engineOf }, operation, signal)),
    async dispose() {
      const started = await Promise.allSettled(engines.values());
      engines.clear();
      for (const engine of started) {
        if (engine.status === 'fulfilled') await engine.value[Symbol.asyncDispose]();
      }
    },
  });
}

interface Home {
  readonly context: Context;
  /** Of calls that name none. */
  readonly provider: string;
  /** The worker of a lane, started at its first use. */
  readonly engineOf: (provider: string, lane: number) => Promise<Engine>;
}

/** Options, images and models are checked before the runtime is even looked for. */
async function prepareMetric(
  { context, provider, engineOf }: Home,
  operation: Metric,
  signal: AbortSignal | undefined,
): Promise<PreparedParts<'metric'>> {
  const options = parseOptions(await readOptions(context, operation.options));
  requireMetric(operation);
  const networks = await readNetworks(operation, options);
  signal?.throwIfAborted();
  const isStatic = options.mode === 'static';
  const batches = isStatic ? 1 : Math.ceil((options.samples ?? operation.demand.perRun) / CHUNK);
  const name = options.provider ?? provider;
  const most = name === 'cpu' ? batches : 1; // one device has one queue
  const { lanes, threads } = planLanes(context.threads, most, weightsOf(networks));
  const engines = await Promise.all(
    Array.from({ length: lanes }, (_, lane) => engineOf(name, lane)),
  );
  signal?.throwIfAborted();
  const models = await openModels(engines, networks, {
    memory: isStatic ? 'returned' : 'pooled',
    threads,
    derivative: operation.derivative && !isStatic,
  });
  try {
    const prepare = isStatic ? prepareStatic : prepareJacobian;
    return await prepare({ context, operation, options, models, signal });
  } catch (error) {
    await models[Symbol.asyncDispose]();
    throw error;
  }
}

/** Refuses runs that were not announced. */
const checked = (operation: Metric, mode: PreparedParts<'metric'>): PreparedParts<'metric'> => ({
  ...mode,
  run: async (map, run) => {
    run.signal?.throwIfAborted();
    if (run.derivative && !operation.derivative) {
      throw badArgument('derivative', 'is wanted by a run, but the metric was prepared without');
    }
    return mode.run(map, run);
  },
});

function supports(operation: Operation): Support {
  if (operation.kind !== 'metric') return { ok: false, axis: 'op', reason: 'is a metric only' };
  const { fixed, moving } = operation;
  for (const { channels } of [fixed, moving]) {
    if (channels > 1) return { ok: false, axis: 'channels', reason: `takes one, not ${channels}` };
  }
  const bytes = [fixed, moving].map(
    (image) => voxelCount(image.grid.size) * pixelTypeFacts(image.pixelType).bytes,
  );
  const held = bytes.reduce((sum, each) => sum + each, 0);
  return { ok: true, memory: { prepare: held, run: operation.demand.perRun * 64 } };
}
