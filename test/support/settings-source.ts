import type { SettingsSource } from '#host/discovery/plugin-settings.js';

/** Settings of plugins from one origin, each of which is told as `kind.name`. */
export const settingsSource = (
  kind: SettingsSource['kind'],
  values: SettingsSource['values'],
  base?: string,
): SettingsSource => ({
  kind,
  values,
  origin: (name) => `${kind}.${name}`,
  ...(base === undefined ? {} : { base }),
});
