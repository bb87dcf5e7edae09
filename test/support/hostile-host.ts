import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { createHost } from '#host/composition/create-host.js';
import type { Host, HostOptions } from '#host/host.js';
import { ownState } from './own-state.js';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.js';
import { type WrittenPlugin, writePlugin } from './written-plugin.js';

/** Where a plugin runs: in a process of its own, or here because the user trusts it. */
export type Place = 'child' | 'inline';

export interface HostileHost {
  readonly host: Host;
  readonly lines: readonly string[];
  readonly folder: TemporaryFolder;
}

/** A host with one plugin, called `hostile`, beside the built-in reference. */
export async function withHostile(
  place: Place,
  plugin: WrittenPlugin,
  work: (found: HostileHost) => Promise<void>,
  { limits, ...changes }: Partial<Manifest> & { readonly limits?: HostOptions['limits'] } = {},
): Promise<void> {
  using state = ownState();
  using folder = temporaryFolder();
  const id = 'org.example.hostile';
  const path = writePlugin(folder, plugin, { id, name: 'hostile', ...changes });
  if (place === 'inline') trust(folder, path, id, state.path);
  const lines: string[] = [];
  await using host = await createHost({
    pluginPaths: [folder.path],
    pluginMode: 'only',
    log: (level, source, text) => void lines.push(`${level} ${source}: ${text}`),
    ...(limits === undefined ? {} : { limits }),
  });
  await work({ host, lines, folder });
}

/** Seals the plugin as it is and trusts it, as `plugins trust` would. */
export function trust(folder: TemporaryFolder, path: string, id: string, state: string): void {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const code = readFileSync(join(folder.path, 'plugin.mjs'));
  const files = [{ path: 'plugin.mjs', size: code.length, sha256: digest(code) }];
  const sealed = JSON.stringify({
    ...manifest,
    targets: manifest.targets.map((target) => ({ ...target, files })),
  });
  folder.write(`${id}.plugin.json`, sealed);
  const kept = JSON.stringify({ trusted: { [id]: digest(sealed) } });
  mkdirSync(join(state, 'voxhost'), { recursive: true });
  writeFileSync(join(state, 'voxhost/plugins.json'), kept);
}

const digest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
