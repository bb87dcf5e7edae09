import type { Catalogue } from '../discovery/catalogue.js';
import { HostError } from '../errors.js';
import type { RouteSettings } from './router.js';

/**
 * The error for settings that require one backend which no plugin, usable or not, has the name or id of. For before it is
 * known who works: copies by the host need no backend, but a mistyped name is told of all the same. Pure.
 */
export function unknownRequired(
  { entries }: Catalogue,
  { backends = [], fallback }: RouteSettings,
): HostError | undefined {
  const [name] = backends;
  if (name === undefined || backends.length > 1 || fallback === 'allow') return undefined;
  const manifests = entries.flatMap(({ manifest }) => manifest ?? []);
  if (manifests.some((manifest) => manifest.name === name || manifest.id === name)) {
    return undefined;
  }
  return unknownBackend(
    name,
    manifests.map((manifest) => manifest.name),
  );
}

/** Says which names there are. */
export const unknownBackend = (backend: string, names: readonly string[]): HostError =>
  new HostError('REQUIRED_BACKEND', {
    backend,
    reason: UNKNOWN,
    remedy: `name one of ${[...new Set(names)].join(', ')}, or install it`,
  });

export const UNKNOWN = 'no plugin of this name or id is installed';
