import type { Image, Operation } from '@voxhost/sdk';
import type { RoutedPrepared, Router, RouteSettings } from '../routing/router.js';

/** A router that lends what it prepared before, until it is disposed. */
export interface KeepingRouter extends Router, AsyncDisposable {}

/** Prepared operations kept at once: a few entries of a dictionary, image and noise of each. */
const KEPT = 8;

interface Kept {
  readonly source: Image;
  readonly content: string;
  readonly prepared: Promise<RoutedPrepared<'resample'>>;
}

/**
 * Prepares each resample of a source once for many runs: a prefilter or an upload is not made again for
 * every sample. What is lent is disposed by disposing the router, or when others need its place.
 */
export function keepPrepared(router: Router): KeepingRouter {
  const kept: Kept[] = [];
  const drop = async (count: number): Promise<void> => {
    const ended = kept.splice(0, count).map(({ prepared }) => prepared);
    for (const result of await Promise.allSettled(ended)) {
      if (result.status === 'fulfilled') await result.value[Symbol.asyncDispose]();
    }
  };
  const lend = async (operation: Operation & { kind: 'resample' }, settings?: RouteSettings) => {
    const content = contentOf(operation);
    const found = kept.find((k) => k.source === operation.source && k.content === content);
    if (found !== undefined) return found.prepared;
    if (kept.length >= KEPT) await drop(1);
    const one = {
      source: operation.source,
      content,
      prepared: router.prepare(operation, settings),
    };
    kept.push(one);
    try {
      return await one.prepared;
    } catch (error) {
      kept.splice(kept.indexOf(one), 1);
      throw error;
    }
  };
  return {
    prepare: async <O extends Operation>(operation: O, settings?: RouteSettings) => {
      if (operation.kind !== 'resample') return router.prepare(operation, settings);
      const prepared = await lend(operation, settings);
      return borrowed(prepared) as RoutedPrepared<O['kind']>;
    },
    explain: (operation, settings) => router.explain(operation, settings),
    [Symbol.asyncDispose]: () => drop(kept.length),
  };
}

/** The same, but for its end: whoever borrows does not dispose. */
const borrowed = (prepared: RoutedPrepared<'resample'>): RoutedPrepared<'resample'> => ({
  backend: prepared.backend,
  run: (map, run) => prepared.run(map, run),
  [Symbol.asyncDispose]: async () => {},
});

function contentOf(operation: Operation & { kind: 'resample' }): string {
  const { interpolator, boundary, pixelType, gradient, demand } = operation;
  return JSON.stringify([interpolator, boundary, pixelType, gradient, demand.maps]);
}
