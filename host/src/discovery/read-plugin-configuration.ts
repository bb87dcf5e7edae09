import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import { SETTING_NAMES, type SettingsSource } from './plugin-settings.js';

/**
 * The `plugins` part of `config.json` in the configuration folder. A file that is missing or broken says
 * nothing: a host must start without it.
 */
export function readPluginConfiguration(folder: string): SettingsSource {
  const path = join(folder, 'config.json');
  const plugins = readRecord(path)?.['plugins'];
  const values = isRecord(plugins)
    ? Object.fromEntries(
        SETTING_NAMES.flatMap((name) => {
          const value = plugins[name];
          return isList(value) ? [[name, value]] : [];
        }),
      )
    : {};
  return {
    kind: 'configuration',
    values,
    origin: (name) => `${path} plugins.${name}`,
    base: folder,
  };
}

const isList = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string'));

function readRecord(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
