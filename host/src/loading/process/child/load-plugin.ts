import { constants } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, VoxhostError } from '@voxhost/sdk';
import type { Load } from '../launch.js';

/** Loads the plugin's entry. What it throws is the plugin's own. */
export async function loadPlugin({ type, root, entry }: Load): Promise<Plugin> {
  const path = join(root, entry);
  const loaded = type === 'esm' ? await import(pathToFileURL(path).href) : loadAddon(path);
  const plugin = (loaded as { default?: unknown }).default ?? loaded;
  const { id, activate } = plugin as Partial<Plugin>;
  if (typeof id !== 'string' || typeof activate !== 'function')
    throw new TypeError('its default export is no plugin: id or activate is missing');
  return plugin as Plugin;
}

/** Binds every symbol now: one that is missing would end the process in the middle of a call, with exit code 127. */
function loadAddon(path: string): unknown {
  const addon: { exports: unknown } = { exports: {} };
  process.dlopen(addon as NodeJS.Module, path, constants.dlopen.RTLD_NOW);
  return addon.exports;
}

/** A path of the plugin as a URL; rejects what leaves the plugin's root. */
export function moduleUrl(plugin: string, root: string, path: string): URL {
  const absolute = join(root, path);
  const inside = relative(root, absolute);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
    const reason = 'leads out of the plugin';
    throw new VoxhostError('PLUGIN_FILE', { plugin, path, reason });
  }
  return pathToFileURL(absolute);
}
