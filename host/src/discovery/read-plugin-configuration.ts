import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import { SETTING_NAMES, type SettingsSource } from './plugin-settings.js';

/**
 * The `plugins` part of `config.json` in the configuration folder. A file that is missing says nothing, and one that
 * is broken only that it is: a host must start without it.
 */
export function readPluginConfiguration(folder: string): SettingsSource {
  const path = join(folder, 'config.json');
  const content = readRecord(path);
  const plugins = content?.['plugins'];
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
    ...(content === undefined ? { problem: `${path} is no JSON object; it is ignored` } : {}),
  };
}

const isList = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string'));

/** Nothing where there is no such file; undefined where it cannot be understood. */
function readRecord(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? {} : undefined;
  }
}
