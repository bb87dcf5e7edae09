import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import { PLUGIN_STATE } from './read-policy.js';

/** What is kept of plugins by their ids, by everybody who keeps something: see `readPolicy` and the quarantine. */
export type PluginState = Readonly<Record<string, unknown>>;

/** A file that is missing or damaged is an empty one: the host must start without it. */
export function readPluginState(folder: string): PluginState {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, PLUGIN_STATE), 'utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** Reads, changes and replaces the file as a whole; another host that writes at the same time may win. */
export function updatePluginState(
  folder: string,
  change: (state: PluginState) => PluginState,
): void {
  const path = join(folder, PLUGIN_STATE);
  const temporary = `${path}.${process.pid}.new`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(temporary, `${JSON.stringify(change(readPluginState(folder)), null, 2)}\n`);
  renameSync(temporary, path);
}
