import SemVer from 'semver/classes/semver.js';
import { evidenceText } from '../compatibility/outcome.js';
import { isUsable, type Note } from '../verdict.js';
import type { CatalogueEntry } from './catalogue.js';
import { refuseEntry } from './refuse-entry.js';

/** An entry on its way into the catalogue. */
export interface Candidate {
  readonly entry: CatalogueEntry;
  /** Did the user name this very manifest? */
  readonly explicit: boolean;
}

/**
 * The total order of precedence: higher layer, then what a lock file pins, then higher version, then bytes of id and
 * path. Unread manifests come last in their layer. Nothing depends on the order in which a folder lists its files.
 */
function comparePrecedence(a: CatalogueEntry, b: CatalogueEntry): number {
  return (
    a.layer - b.layer ||
    Number(b.pinned === true) - Number(a.pinned === true) ||
    compareVersions(b, a) ||
    compareBytes(a.manifest?.id ?? '', b.manifest?.id ?? '') ||
    compareBytes(a.path, b.path)
  );
}

/** Semantic order; build metadata does not count; without a manifest below every version. */
function compareVersions(a: CatalogueEntry, b: CatalogueEntry): number {
  if (a.manifest === undefined || b.manifest === undefined)
    return Number(a.manifest !== undefined) - Number(b.manifest !== undefined);
  const { version } = a.manifest;
  if (version === b.manifest.version) return 0;
  return versionOf(version).compare(versionOf(b.manifest.version));
}

const versions = new Map<string, SemVer>();

function versionOf(text: string): SemVer {
  let version = versions.get(text);
  if (version === undefined) {
    version = new SemVer(text);
    versions.set(text, version);
  }
  return version;
}

/** From here on the order of UTF-16 units is not that of UTF-8 bytes. */
const FROM_SURROGATES = /[\ud800-\uffff]/;

/** Order of UTF-8 bytes, which is that of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (!FROM_SURROGATES.test(a) && !FROM_SURROGATES.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Sorts, then settles among those with the same id who is used: duplicates are out, all after the winner are shadowed. */
export function settlePrecedence(candidates: readonly Candidate[]): readonly CatalogueEntry[] {
  const sorted = [...candidates].sort((a, b) => comparePrecedence(a.entry, b.entry));
  const groups = new Map<string, Candidate[]>();
  for (const candidate of sorted) {
    const id = candidate.entry.manifest?.id;
    const group = id === undefined ? undefined : groups.get(id);
    if (group !== undefined) group.push(candidate);
    else if (id !== undefined) groups.set(id, [candidate]);
  }
  const settled = new Map<CatalogueEntry, CatalogueEntry>();
  for (const group of groups.values())
    if (group.length > 1)
      for (const [before, after] of settleGroup(group)) settled.set(before, after);
  return sorted.map(({ entry }) => settled.get(entry) ?? entry);
}

/** Same id, in the order of precedence. */
function settleGroup(group: readonly Candidate[]): readonly [CatalogueEntry, CatalogueEntry][] {
  const changed: [CatalogueEntry, CatalogueEntry][] = [];
  let winner: CatalogueEntry | undefined;
  let passedOver: CatalogueEntry | undefined;
  for (const [index, candidate] of group.entries()) {
    const { entry } = candidate;
    const twin = twinOf(group, index);
    if (winner !== undefined) changed.push([entry, shadowed(entry, winner)]);
    else if (twin !== undefined) changed.push([entry, duplicate(entry, twin.entry.path)]);
    else if (isUsable(entry.verdict)) {
      winner = entry;
      if (passedOver !== undefined) changed.push([entry, standingIn(entry, passedOver)]);
    } else if (candidate.explicit) winner = entry;
    else passedOver ??= entry;
  }
  return changed;
}

/** One of the same version in the same layer. They stand side by side, since that is what the order goes by. */
const twinOf = (group: readonly Candidate[], index: number): Candidate | undefined =>
  [group[index + 1], group[index - 1]].find(
    (other) => other !== undefined && areTwins(group[index] as Candidate, other),
  );

/** Equal versions of one id in one layer, found at two places. */
const areTwins = (a: Candidate, b: Candidate): boolean =>
  a !== b &&
  a.entry.layer === b.entry.layer &&
  a.entry.path !== b.entry.path &&
  compareVersions(a.entry, b.entry) === 0;

function shadowed(entry: CatalogueEntry, winner: CatalogueEntry): CatalogueEntry {
  const found = `${winner.manifest?.version} in layer ${winner.layer}`;
  return refuseEntry(
    entry,
    'shadowed',
    { expected: 'no other of higher precedence', found, where: winner.path },
    { text: `remove ${winner.path} to use this one` },
  );
}

function duplicate(entry: CatalogueEntry, other: string): CatalogueEntry {
  const found = `${entry.manifest?.version} twice in layer ${entry.layer}`;
  return refuseEntry(
    entry,
    'duplicate',
    { expected: 'each version once', found, where: other },
    { text: `remove ${entry.path} or ${other}` },
  );
}

function standingIn(entry: CatalogueEntry, instead: CatalogueEntry): CatalogueEntry {
  const { verdict, evidence, fix } = instead.verdict;
  const text = `used because ${instead.path} is ${verdict}: ${evidenceText(evidence)}`;
  const note: Note = { stage: 'identity', text, evidence, fix };
  return { ...entry, verdict: { ...entry.verdict, notes: [note, ...entry.verdict.notes] } };
}
