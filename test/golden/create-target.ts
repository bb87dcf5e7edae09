import { createHost } from 'voxhost';
import type { GoldenTarget } from './golden-case.js';

/** What the cases run against: a host, with one backend required if one is named. */
export async function createTarget(backend?: string): Promise<GoldenTarget & AsyncDisposable> {
  const host = await createHost({ log: () => {} });
  return {
    router: host,
    settings: backend === undefined ? {} : { backends: [backend], fallback: 'never' },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}
