import type { Operation } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import type { Provenance, RoutedPrepared, Router } from 'voxhost';

/** A router in front of the built-in reference alone. */
export async function referenceRouter(): Promise<Pick<Router, 'prepare'>> {
  const backend = createReference();
  const provenance: Provenance = { backend: backend.name, version: '0', attempts: [] };
  return {
    async prepare<O extends Operation>(operation: O): Promise<RoutedPrepared<O['kind']>> {
      const prepared = await backend.prepare(operation);
      return {
        backend: backend.name,
        run: async (map, run) => ({ ...(await prepared.run(map, run)), provenance }),
        [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
      };
    },
  };
}
