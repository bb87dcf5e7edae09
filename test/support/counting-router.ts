import type { Image, IndexMap, Operation, ResampleRun, Runs } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import type { Provenance, RoutedPrepared, Router } from 'voxhost';

/** One run that was asked for. */
export interface CountedRun {
  readonly map: IndexMap;
  readonly source: Image;
  readonly interpolator: string;
  readonly size: readonly number[];
}

/** A router in front of the reference that remembers every run. */
export interface CountingRouter extends Router {
  readonly runs: CountedRun[];
}

export function countingRouter(): CountingRouter {
  const backend = createReference();
  const runs: CountedRun[] = [];
  const provenance: Provenance = { backend: backend.name, version: '0', attempts: [] };
  return {
    runs,
    async prepare<O extends Operation>(operation: O): Promise<RoutedPrepared<O['kind']>> {
      const prepared = await backend.prepare(operation);
      return {
        backend: backend.name,
        run: async (map: IndexMap, run: Runs[O['kind']][0]) => {
          if (operation.kind === 'resample') {
            const { samples } = run as ResampleRun;
            const size = 'size' in samples ? samples.size : [samples.points.length];
            const { source, interpolator } = operation;
            runs.push({ map, source, interpolator, size });
          }
          return { ...(await prepared.run(map, run)), provenance };
        },
        [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
      } as RoutedPrepared<O['kind']>;
    },
    explain: async () => ({
      operation: 'resample',
      chosen: backend.name,
      why: 'there is no other',
      candidates: [],
      hints: [],
    }),
  };
}
