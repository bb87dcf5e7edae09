import type { MachineFacts } from '../compatibility/machine-facts.js';
import { evidenceText } from '../compatibility/outcome.js';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { type Fix, isUsable, STAGES, type VerdictWord } from '../verdict.js';

/** What became of the attempt to start a plugin: stages 11 and 12. */
export type Readiness =
  | { readonly outcome: 'ready'; readonly ms: number }
  | { readonly outcome: 'failed'; readonly verdict: VerdictWord; readonly reason: string }
  | { readonly outcome: 'not-tried' };

/** One plugin, in three different words: installed, compatible, ready. */
export interface DoctorLine {
  readonly id: string;
  readonly version: string;
  readonly path: string;
  readonly layer: number;
  /** Its manifest was read and is in order. */
  readonly installed: boolean;
  /** Everything that can be checked without its code is right. */
  readonly compatible: boolean;
  /** It was started here and kept its manifest's word. */
  readonly ready: 'yes' | 'no' | 'not-tried';
  readonly verdict: VerdictWord;
  /** The first stage that failed; absent where none did. */
  readonly stage?: string;
  /** Why, in one line. */
  readonly evidence?: string;
  readonly fix: readonly Fix[];
  readonly notes: readonly string[];
  readonly unchecked: readonly string[];
  /** ISO date since which the verdict holds in these circumstances. */
  readonly since?: string;
  /** Of the circumstances; absent where the manifest could not be read. */
  readonly fingerprint?: string;
}

/** All plugins and the machine they were judged on. */
export interface DoctorReport {
  readonly format: 1;
  readonly machine: {
    readonly host: string;
    readonly node: string;
    readonly napi: number;
    readonly os: string;
    readonly osVersion: string;
    readonly cpu: string;
    readonly libc: string;
    readonly drivers: readonly string[];
    readonly devices: readonly string[];
  };
  readonly plugins: readonly DoctorLine[];
  readonly notes: readonly string[];
}

/** Puts a full discovery and the attempts to start into one report. Pure. */
export function doctorReport(
  {
    entries,
    notes,
  }: { readonly entries: readonly CatalogueEntry[]; readonly notes: readonly string[] },
  machine: MachineFacts,
  readiness: ReadonlyMap<CatalogueEntry, Readiness>,
): DoctorReport {
  return {
    format: 1,
    machine: describeMachine(machine),
    plugins: entries.map((entry) =>
      doctorLine(entry, readiness.get(entry) ?? { outcome: 'not-tried' }),
    ),
    notes,
  };
}

function describeMachine(machine: MachineFacts): DoctorReport['machine'] {
  const { host, node, os, osVersion, cpu, libc, drivers, devices } = machine;
  return {
    host: host.version,
    node: node.version,
    napi: node.napi,
    os,
    osVersion,
    cpu,
    libc: libc === undefined ? '' : `${libc.kind} ${libc.version ?? ''}`.trim(),
    drivers: Object.entries(drivers).map(([name, version]) => `${name} ${version}`.trim()),
    devices: (devices ?? []).map(({ name }) => name),
  };
}

/** Everything up to identity is the manifest's own business. */
const INSTALLED_AFTER = STAGES.indexOf('identity');

const READY: { readonly [O in Readiness['outcome']]: DoctorLine['ready'] } = {
  ready: 'yes',
  failed: 'no',
  'not-tried': 'not-tried',
};

function doctorLine(entry: CatalogueEntry, readiness: Readiness): DoctorLine {
  const { verdict, path, layer } = entry;
  const isCompatible = isUsable(verdict);
  const failed = readiness.outcome === 'failed' ? readiness : undefined;
  const evidence = failed?.reason ?? evidenceText(verdict.evidence);
  const isFine = isCompatible && failed === undefined;
  const fingerprint = entry.fingerprint?.();
  return {
    id: verdict.id ?? '',
    version: verdict.version ?? '',
    path,
    layer,
    installed: entry.manifest !== undefined && verdict.stage > INSTALLED_AFTER,
    compatible: isCompatible,
    ready: verdict.verdict === 'ready' ? 'yes' : READY[readiness.outcome],
    verdict: failed?.verdict ?? (readiness.outcome === 'ready' ? 'ready' : verdict.verdict),
    ...(isFine
      ? {}
      : { stage: failed === undefined ? stageName(verdict.stage) : 'handshake', evidence }),
    fix:
      failed === undefined ? verdict.fix : [{ text: 'report it to the publisher of the plugin' }],
    notes: verdict.notes.map(({ text }) => text),
    unchecked: verdict.unchecked,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}

const stageName = (stage: number): string => STAGES[stage] ?? String(stage);
