import type { Backend, Operation } from '@voxhost/sdk';
import { createFakeContext, type FakeContext } from '@voxhost/sdk/testing';
import type { Provenance, RoutedPrepared, Router } from 'voxhost';
import { createImpactBackend } from '#impact/backend.js';
import { onnxRuntimeUrl } from './onnx-runtime.js';

const workerUrl = new URL('../../../../plugins/impact/bundle/worker.js', import.meta.url);

/** The plugin's backend with onnxruntime, and the reference for its sampling. */
export interface OpenImpact extends AsyncDisposable {
  readonly backend: Backend;
  readonly context: FakeContext;
  /** The backend behind the host's face of a router. */
  readonly router: Pick<Router, 'prepare'>;
}

export function openImpact(threads = 1): OpenImpact {
  const context = createFakeContext({
    modules: { 'bundle/worker.js': workerUrl },
    runtimeUrls: { 'onnxruntime-node': onnxRuntimeUrl() },
    threads,
  });
  const backend = createImpactBackend(context);
  const provenance: Provenance = { backend: 'impact', version: '0', attempts: [] };
  return {
    backend,
    context,
    router: {
      async prepare<O extends Operation>(operation: O): Promise<RoutedPrepared<O['kind']>> {
        const prepared = await backend.prepare(operation);
        return {
          backend: backend.name,
          run: async (map, run) => ({ ...(await prepared.run(map, run)), provenance }),
          [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
        };
      },
    },
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await context[Symbol.asyncDispose]();
    },
  };
}
