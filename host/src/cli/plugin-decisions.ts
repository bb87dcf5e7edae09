import { isRecord } from '../compatibility/check-shape.js';
import type { Catalogue, CatalogueEntry } from '../discovery/catalogue.js';
import type { PluginState } from '../discovery/plugin-state.js';
import { HostError } from '../errors.js';

/** The state with a plugin disabled. Pure. */
export const withDisabled = (state: PluginState, id: string): PluginState => ({
  ...state,
  disabled: [...new Set([...disabledOf(state), id])].sort(),
});

/** The state with a plugin no longer disabled. Pure. */
export const withoutDisabled = (state: PluginState, id: string): PluginState => ({
  ...state,
  disabled: disabledOf(state).filter((each) => each !== id),
});

/** The state with exactly the manifest of this SHA-256 trusted, or none. Pure. */
export function withTrust(state: PluginState, id: string, digest?: string): PluginState {
  const { [id]: _before, ...others } = isRecord(state['trusted']) ? state['trusted'] : {};
  return { ...state, trusted: digest === undefined ? others : { ...others, [id]: digest } };
}

export function disabledOf(state: PluginState): readonly string[] {
  const { disabled } = state as { readonly disabled?: unknown };
  return Array.isArray(disabled) ? disabled.filter((id) => typeof id === 'string') : [];
}

/** The id that is meant, by id or by name; what is not found is taken as an id. Throws `USAGE` for what is compiled in. */
export function idMeant({ entries }: Catalogue, idOrName: string): string {
  const found =
    entries.find(({ verdict }) => verdict.id === idOrName) ?? entryNamed(entries, idOrName);
  if (found?.layer === 8) {
    throw new HostError('USAGE', { reason: `${idOrName} is compiled in and always there` });
  }
  return found?.verdict.id ?? idOrName;
}

function entryNamed(entries: readonly CatalogueEntry[], name: string): CatalogueEntry | undefined {
  const named = entries.filter(({ manifest }) => manifest?.name === name);
  const ids = new Set(named.map(({ verdict }) => verdict.id));
  if (ids.size < 2) return named[0];
  const reason = `"${name}" is the name of ${[...ids].join(' and ')}; give the id`;
  throw new HostError('USAGE', { reason });
}

/** All entries of an id or name, shadowed ones too. Throws `USAGE` where there is none. */
export function entriesNamed({ entries }: Catalogue, id: string): readonly CatalogueEntry[] {
  const found = entries.filter(
    ({ verdict, manifest }) => verdict.id === id || manifest?.name === id,
  );
  if (found.length > 0) return found;
  const known = entries.map(({ verdict, path }) => verdict.id ?? path).join(', ');
  throw new HostError('USAGE', { reason: `no plugin "${id}" was found; found are ${known}` });
}
