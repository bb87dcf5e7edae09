import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, isVoxhostError, VoxhostError } from '@voxhost/sdk';
import { createEngine, type Engine } from './engine.js';
import { selfTest } from './self-test.js';

const RUNTIME = 'onnxruntime-node';

/** Files beside onnxruntime's own that an execution provider is loaded from, on Linux. */
const PROVIDER_FILES: Readonly<Record<string, readonly string[]>> = {
  cuda: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
  tensorrt: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_tensorrt.so'],
};

/**
 * Loads the user's onnxruntime into a worker and lets it prove itself on the provider that was asked for.
 * There is no step back to another provider.
 *
 * @throws `PLUGIN_FILE` without the library, `UNSUPPORTED` when the provider cannot work here
 */
export async function startEngine(
  context: Context,
  backend: string,
  provider: string,
): Promise<Engine> {
  const [worker, runtime] = await Promise.all([
    context.module('bundle/worker.js'),
    context.runtimeUrl(RUNTIME),
  ]);
  const engine = createEngine(worker, backend);
  try {
    await engine.start({ runtime, provider });
    await selfTest(engine);
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    if (isVoxhostError(error)) throw error;
    throw cannotStart(error, { backend, provider, runtime });
  }
}

function cannotStart(
  error: unknown,
  { backend, provider, runtime }: { backend: string; provider: string; runtime: URL },
): VoxhostError {
  const said = error instanceof Error ? error.message : String(error);
  const missing = missingFiles(provider, runtime);
  const lacks = missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`;
  const reason = `provider "${provider}" of ${RUNTIME} does not work here: ${said}${lacks}`;
  return new VoxhostError('UNSUPPORTED', { backend, axis: 'provider', reason }, error);
}

/** Provider libraries that are not where onnxruntime-node looks for them. */
function missingFiles(provider: string, runtime: URL): readonly string[] {
  if (process.platform !== 'linux') return [];
  const root = dirname(dirname(fileURLToPath(runtime)));
  const folder = join(root, 'bin', 'napi-v6', process.platform, process.arch);
  return (PROVIDER_FILES[provider] ?? []).filter((name) => !existsSync(join(folder, name)));
}
