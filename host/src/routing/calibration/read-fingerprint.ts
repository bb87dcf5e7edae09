import { createHash } from 'node:crypto';
import { arch, cpus, platform, release } from 'node:os';
import { join } from 'node:path';
import type { CatalogueEntry } from '../../discovery/catalogue.js';
import type { FileFacts } from '../../files/plugin-source.js';
import { VERSION } from '../../version.js';

/** What a measured cost depends on, as data. */
export interface FingerprintParts {
  readonly plugin: string;
  readonly version: string;
  /** Size and time of each file of the plugin, by path. */
  readonly files: Readonly<Record<string, Pick<FileFacts, 'size' | 'mtimeMs'> | null>>;
  readonly host: string;
  readonly node: string;
  readonly machine: string;
  readonly threads: number;
}

/** Of a plugin's files and this machine: it changes when either does, and measured costs are then stale. */
export async function readFingerprint(entry: CatalogueEntry, threads: number): Promise<string> {
  const files: Record<string, Pick<FileFacts, 'size' | 'mtimeMs'> | null> = {};
  for (const path of filesOf(entry)) {
    const facts = await entry.source.stat(join(entry.root ?? '', path)).catch(() => undefined);
    files[path] = facts === undefined ? null : { size: facts.size, mtimeMs: facts.mtimeMs };
  }
  return fingerprintOf({
    plugin: entry.manifest?.id ?? entry.path,
    version: entry.manifest?.version ?? '',
    files,
    host: VERSION,
    node: process.versions.node,
    machine: machineName(),
    threads,
  });
}

let machine: string | undefined;

/** Asked for once: reading the processors takes longer than the rest of the routing of a call, and they stay. */
function machineName(): string {
  if (machine !== undefined) return machine;
  const processors = cpus();
  const model = processors[0]?.model ?? '';
  machine = `${platform()} ${release()} ${arch()} ${model} x ${processors.length}`;
  return machine;
}

/** 16 hex digits of the parts' SHA-256; keys in a fixed order. Pure. */
export function fingerprintOf(parts: FingerprintParts): string {
  const { plugin, version, files, host, node, machine, threads } = parts;
  const sorted = Object.keys(files)
    .sort()
    .map((path) => [path, files[path]]);
  const text = JSON.stringify([plugin, version, sorted, host, node, machine, threads]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function filesOf({ target }: CatalogueEntry): readonly string[] {
  if (target === undefined || target.entry.type === 'builtin') return [];
  return [target.entry.path, ...(target.files ?? []).map(({ path }) => path)];
}
