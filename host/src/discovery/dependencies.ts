import { isVersionIn } from '../compatibility/stages/require.js';
import {
  type Evidence,
  isUsable,
  SEVERITY,
  STAGES,
  type VerdictWord,
} from '../compatibility/verdict.js';
import type { CatalogueEntry } from './catalogue.js';

type Dependency = NonNullable<NonNullable<CatalogueEntry['manifest']>['dependsOn']>[number];

/** Judges what plugins need of each other: a plugin whose dependency is missing, unusable or itself in a circle cannot be used. */
export function settleDependencies(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const hasAny = entries.some(({ manifest }) => (manifest?.dependsOn ?? []).length > 0);
  if (!hasAny) return entries;
  let settled = entries.map((entry) => {
    const circle = isUsable(entry.verdict) ? circleOf(entry, entries) : undefined;
    return circle === undefined ? entry : refuse(entry, 'dependency-cycle', circle);
  });
  // each round refuses at least one more, or is the last
  for (let isStable = false; !isStable; ) {
    const next = settled.map((entry) => {
      const failed = isUsable(entry.verdict) ? firstFailure(entry, settled) : undefined;
      return failed === undefined ? entry : refuse(entry, 'dependency-failed', failed);
    });
    isStable = next.every((entry, index) => entry === settled[index]);
    settled = next;
  }
  return settled;
}

const needs = ({ manifest }: CatalogueEntry): readonly Dependency[] =>
  (manifest?.dependsOn ?? []).filter(({ optional }) => optional !== true);

const usable = (id: string, entries: readonly CatalogueEntry[]): CatalogueEntry | undefined =>
  entries.find(({ manifest, verdict }) => manifest?.id === id && isUsable(verdict));

/** The way from a plugin through its dependencies back to itself; undefined where there is none. */
function circleOf(start: CatalogueEntry, entries: readonly CatalogueEntry[]): Evidence | undefined {
  const id = start.manifest?.id ?? '';
  const ways: (readonly string[])[] = [[id]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const last = usable(way.at(-1) ?? '', entries);
    for (const { id: next } of last === undefined ? [] : needs(last)) {
      if (next === id)
        return { found: [...way, next].join(' -> '), where: `${start.path} dependsOn` };
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

function firstFailure(
  entry: CatalogueEntry,
  entries: readonly CatalogueEntry[],
): Evidence | undefined {
  for (const { id, version } of needs(entry)) {
    const other = usable(id, entries);
    const found = other?.manifest?.version;
    if (found !== undefined && isVersionIn(found, version)) continue;
    const refused = entries.find(({ verdict }) => verdict.id === id);
    const why =
      found ?? (refused === undefined ? 'nothing' : `one that is ${refused.verdict.verdict}`);
    return { expected: `plugin ${id} ${version}`, found: why, where: `${entry.path} dependsOn` };
  }
  return undefined;
}

function refuse(entry: CatalogueEntry, verdict: VerdictWord, evidence: Evidence): CatalogueEntry {
  const fix = [{ text: 'install the plugin that it depends on' }];
  const stage = STAGES.indexOf('policy');
  const severity = SEVERITY[verdict];
  return { ...entry, verdict: { ...entry.verdict, verdict, stage, severity, evidence, fix } };
}
