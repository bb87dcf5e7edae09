import { referenceRouter } from '../support/reference-router.js';
import type { GoldenTarget } from './golden-case.js';

/** What the cases run against: the host's routing, with one backend required if one is named. */
export async function createTarget(backend?: string): Promise<GoldenTarget & AsyncDisposable> {
  const router = await referenceRouter();
  return {
    router,
    settings: backend === undefined ? {} : { backends: [backend], fallback: 'never' },
    [Symbol.asyncDispose]: async () => {},
  };
}
