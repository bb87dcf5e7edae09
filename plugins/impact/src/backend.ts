import {
  type Backend,
  type Context,
  createRunQueue,
  type Metric,
  matchCapabilities,
  type Operation,
  type Prepared,
  pixelTypeFacts,
  type RunQueue,
  type Support,
  VoxhostError,
  voxelCount,
} from '@voxhost/sdk';
import { badArgument } from './bad-argument.js';
import { CAPABILITIES, NAME } from './capabilities.js';
import { readOptions } from './elastix/read-options.js';
import { prepareJacobian, type Runner } from './jacobian/prepare-jacobian.js';
import { openModels } from './model/open-models.js';
import { parseOptions } from './options/parse-options.js';
import type { Engine } from './session/engine.js';
import { startEngine } from './session/start-engine.js';
import { prepareStatic } from './static/prepare-static.js';

/**
 * The IMPACT metric. Nothing of onnxruntime is looked for before the first `prepare`.
 *
 * @param provider - execution provider of calls that name none
 */
export function createImpactBackend(context: Context, provider = 'cpu'): Backend {
  const open = new Set<RunQueue>();
  const engines = new Map<string, Promise<Engine>>();
  let disposed = false;
  const engineOf = (asked: string | undefined): Promise<Engine> => {
    const name = asked ?? provider;
    const known = engines.get(name);
    if (known !== undefined) return known;
    const engine = startEngine(context, NAME, name);
    engines.set(name, engine);
    engine.catch(() => engines.delete(name)); // the next call may find what was missing
    return engine;
  };
  return {
    name: NAME,
    capabilities: CAPABILITIES.map((block) => ({ ...block })),
    supports,
    async prepare<O extends Operation>(operation: O, signal?: AbortSignal) {
      if (disposed) throw new VoxhostError('DISPOSED', { what: `backend "${NAME}"` });
      signal?.throwIfAborted();
      const support = supports(operation);
      if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: NAME, ...support });
      const runner = await prepareMetric(context, operation as Metric, engineOf, signal);
      const queue = createRunQueue(`a metric of backend "${NAME}"`);
      open.add(queue);
      return preparedOf(operation as Metric, runner, queue) as Prepared<O['kind']>;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([...open].map((queue) => queue.close()));
      const started = await Promise.allSettled(engines.values());
      engines.clear();
      for (const engine of started) {
        if (engine.status === 'fulfilled') await engine.value[Symbol.asyncDispose]();
      }
    },
  };
}

/** Options and images are checked before the runtime is even looked for. */
async function prepareMetric(
  context: Context,
  operation: Metric,
  engineOf: (provider: string | undefined) => Promise<Engine>,
  signal: AbortSignal | undefined,
): Promise<Runner> {
  const options = parseOptions(await readOptions(context, operation.options));
  requireMasks(operation);
  const engine = await engineOf(options.provider);
  signal?.throwIfAborted();
  const wantsGradient = operation.derivative && options.mode === 'jacobian';
  const models = await openModels(engine, operation, options, wantsGradient);
  try {
    const prepare = options.mode === 'static' ? prepareStatic : prepareJacobian;
    return await prepare({ context, operation, options, engine, models, signal });
  } catch (error) {
    await models[Symbol.asyncDispose]();
    throw error;
  }
}

function requireMasks({ fixed, moving, fixedMask, movingMask }: Metric): void {
  const pairs = [
    ['fixedMask', fixedMask, fixed],
    ['movingMask', movingMask, moving],
  ] as const;
  for (const [argument, mask, image] of pairs) {
    if (mask === undefined || `${mask.grid.size}` === `${image.grid.size}`) continue;
    throw badArgument(argument, `has size [${mask.grid.size}], its image [${image.grid.size}]`);
  }
}

function preparedOf(operation: Metric, runner: Runner, queue: RunQueue): Prepared<'metric'> {
  return {
    run: (map, run) =>
      queue.enqueue(async () => {
        run.signal?.throwIfAborted();
        if (run.derivative && !operation.derivative) {
          throw badArgument(
            'derivative',
            'is wanted by a run, but the metric was prepared without',
          );
        }
        return runner.run(map, run);
      }),
    async [Symbol.asyncDispose]() {
      await queue.close();
      await runner[Symbol.asyncDispose]();
    },
  };
}

function supports(operation: Operation): Support {
  const match = matchCapabilities(CAPABILITIES, operation);
  if (!match.ok) return { ok: false, ...match.mismatch };
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
