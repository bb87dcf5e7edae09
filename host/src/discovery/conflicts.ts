import { isVersionIn } from '../compatibility/stages/require.js';
import { isUsable, type Note } from '../verdict.js';
import type { CatalogueEntry } from './catalogue.js';
import { decideIsolation } from './isolation.js';
import { refuseEntry } from './refuse-entry.js';

/**
 * Keeps plugins that conflict out of one process: of two that would both run inside the host, the one of lower
 * precedence gets a process of its own, and is refused where it cannot run in one.
 */
export function keepApart(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const inside: CatalogueEntry[] = [];
  return entries.map((entry) => {
    if (whereOf(entry) !== 'inline') return entry;
    const enemy = inside.find((other) => isAgainst(entry, other) || isAgainst(other, entry));
    if (enemy !== undefined) return apart(entry, enemy);
    inside.push(entry);
    return entry;
  });
}

function whereOf(entry: CatalogueEntry): 'inline' | 'process' | 'refused' | 'nowhere' {
  const { layer, manifest, target, trusted, verdict, apartFrom } = entry;
  if (!isUsable(verdict) || manifest === undefined || target === undefined) return 'nowhere';
  return decideIsolation({ layer, manifest, target, apartFrom, isTrusted: trusted }).kind;
}

const isAgainst = ({ manifest }: CatalogueEntry, { manifest: other }: CatalogueEntry): boolean =>
  other !== undefined &&
  (manifest?.conflicts ?? []).some(
    ({ id, version }) =>
      id === other.id && (version === undefined || isVersionIn(other.version, version)),
  );

function apart(entry: CatalogueEntry, enemy: CatalogueEntry): CatalogueEntry {
  const { id = '', version = '' } = enemy.manifest ?? {};
  const moved = { ...entry, apartFrom: id };
  const evidence = {
    expected: `no ${id} in the same process`,
    found: `${id} ${version}`,
    where: `${entry.path} conflicts`,
  };
  if (whereOf(moved) === 'refused')
    return refuseEntry(entry, 'dependency-failed', evidence, {
      text: `use one of them`,
      command: `voxhost plugins disable ${id}`,
    });
  const text = `runs in a process of its own, since it conflicts with ${id} ${version}`;
  const note: Note = { stage: 'policy', text, evidence };
  return { ...moved, verdict: { ...entry.verdict, notes: [...entry.verdict.notes, note] } };
}
