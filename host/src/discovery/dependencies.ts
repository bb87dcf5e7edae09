import { isVersionIn } from '../compatibility/stages/require.js';
import { type Evidence, type Fix, isUsable, type VerdictWord } from '../verdict.js';
import type { CatalogueEntry } from './catalogue.js';
import { refuseEntry } from './refuse-entry.js';

type Dependency = NonNullable<NonNullable<CatalogueEntry['manifest']>['dependsOn']>[number];

/** Judges what plugins need of each other: a plugin whose dependency is missing, unusable or itself in a circle cannot be used. */
export function settleDependencies(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const hasAny = entries.some(({ manifest }) => (manifest?.dependsOn ?? []).length > 0);
  if (!hasAny) return entries;
  const circles = circlesOf(new Map(usableById(entries)));
  const acyclic = entries.map((entry) => {
    const way = isUsable(entry.verdict) ? circles.get(entry.verdict.id ?? '') : undefined;
    return way === undefined
      ? entry
      : refuseEntry(entry, 'dependency-cycle', ...inCircle(entry, way));
  });
  return refuseFailures(acyclic);
}

const needs = ({ manifest }: CatalogueEntry): readonly Dependency[] =>
  (manifest?.dependsOn ?? []).filter(({ optional }) => optional !== true);

/** Of each id the one that is used. */
function usableById(entries: readonly CatalogueEntry[]): Map<string, CatalogueEntry> {
  const used = new Map<string, CatalogueEntry>();
  for (const entry of entries) {
    const id = entry.manifest?.id;
    if (id !== undefined && isUsable(entry.verdict) && !used.has(id)) used.set(id, entry);
  }
  return used;
}

/** The way from each plugin that is in a circle through its dependencies back to itself, by id. */
function circlesOf(
  plugins: ReadonlyMap<string, CatalogueEntry>,
): ReadonlyMap<string, readonly string[]> {
  const ahead = new Map<string, readonly string[]>();
  for (const [id, entry] of plugins)
    ahead.set(
      id,
      needs(entry).flatMap((each) => (plugins.has(each.id) ? each.id : [])),
    );
  // what leads nowhere, and then what nothing leads to, is in no circle
  const rest = withoutEnds(reversed(withoutEnds(reversed(withoutEnds(ahead)))));
  const circles = new Map<string, readonly string[]>();
  for (const id of rest.keys()) {
    const way = circles.has(id) ? undefined : wayBack(id, ahead);
    for (const [index, member] of (way ?? []).entries())
      if (!circles.has(member)) circles.set(member, rotated(way ?? [], index));
  }
  return circles;
}

type Graph = ReadonlyMap<string, readonly string[]>;

/** Takes away, again and again, what has no arrow to anything that is left. */
function withoutEnds(graph: Graph): Graph {
  const back = reversed(graph);
  const left = new Map([...graph].map(([id, next]) => [id, next.length]));
  const ends = [...left].flatMap(([id, count]) => (count === 0 ? id : []));
  for (const end of ends) {
    left.delete(end);
    for (const before of back.get(end) ?? []) {
      const count = (left.get(before) ?? 0) - 1;
      left.set(before, count);
      if (count === 0) ends.push(before);
    }
  }
  return new Map(
    [...graph].flatMap(([id, next]) =>
      left.has(id) ? [[id, next.filter((each) => left.has(each))] as const] : [],
    ),
  );
}

function reversed(graph: Graph): Graph {
  const back = new Map<string, string[]>([...graph.keys()].map((id) => [id, []]));
  for (const [id, next] of graph) for (const each of next) back.get(each)?.push(id);
  return back;
}

/** The shortest way along the arrows from an id back to itself, without its second mention. */
function wayBack(start: string, ahead: Graph): readonly string[] | undefined {
  const from = new Map<string, string>();
  const queue = [start];
  for (const id of queue)
    for (const next of ahead.get(id) ?? []) {
      if (next === start) return trace(id, start, from);
      if (from.has(next)) continue;
      from.set(next, id);
      queue.push(next);
    }
  return undefined;
}

function trace(last: string, start: string, from: ReadonlyMap<string, string>): readonly string[] {
  const way = [last];
  for (let id = last; id !== start; id = from.get(id) ?? start) way.push(from.get(id) ?? start);
  return way.reverse();
}

const rotated = (way: readonly string[], index: number): readonly string[] => [
  ...way.slice(index),
  ...way.slice(0, index),
];

function inCircle({ path }: CatalogueEntry, way: readonly string[]): [Evidence, Fix] {
  const found = [...way, way[0]].join(' -> ');
  return [
    { expected: 'dependencies without a circle', found, where: `${path} dependsOn` },
    { text: `take one of these dependencies away, or mark it optional: ${found}` },
  ];
}

/** Refuses what lacks something, then what needed that, until nothing more falls. */
function refuseFailures(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const used = usableById(entries);
  const known = wordsById(entries);
  const dependents = dependentsOf([...used.values()]);
  const refused = new Map<CatalogueEntry, CatalogueEntry>();
  const queue = [...used.values()];
  for (const entry of queue) {
    const failure = refused.has(entry) ? undefined : failureOf(entry, used, known);
    if (failure === undefined) continue;
    refused.set(entry, refuseEntry(entry, 'dependency-failed', ...failure));
    const id = entry.manifest?.id ?? '';
    used.delete(id);
    known.set(id, 'dependency-failed');
    queue.push(...(dependents.get(id) ?? []));
  }
  return entries.map((entry) => refused.get(entry) ?? entry);
}

/** Of each id the word of its first entry. */
function wordsById(entries: readonly CatalogueEntry[]): Map<string, VerdictWord> {
  const words = new Map<string, VerdictWord>();
  for (const { verdict } of entries)
    if (verdict.id !== undefined && !words.has(verdict.id)) words.set(verdict.id, verdict.verdict);
  return words;
}

/** Who needs an id. */
function dependentsOf(
  entries: readonly CatalogueEntry[],
): ReadonlyMap<string, readonly CatalogueEntry[]> {
  const dependents = new Map<string, CatalogueEntry[]>();
  for (const entry of entries)
    for (const { id } of needs(entry)) {
      const before = dependents.get(id);
      if (before === undefined) dependents.set(id, [entry]);
      else before.push(entry);
    }
  return dependents;
}

function failureOf(
  entry: CatalogueEntry,
  used: ReadonlyMap<string, CatalogueEntry>,
  known: ReadonlyMap<string, VerdictWord>,
): [Evidence, Fix] | undefined {
  for (const { id, version } of needs(entry)) {
    const found = used.get(id)?.manifest?.version;
    if (found !== undefined && isVersionIn(found, version)) continue;
    const word = known.get(id);
    const why = found ?? (word === undefined ? 'nothing' : `one that is ${word}`);
    const evidence = {
      expected: `plugin ${id} ${version}`,
      found: why,
      where: `${entry.path} dependsOn`,
    };
    if (word === undefined || found !== undefined)
      return [evidence, { text: `install ${id} ${version}` }];
    return [evidence, { text: `mend ${id} first`, command: `voxhost plugins info ${id}` }];
  }
  return undefined;
}
