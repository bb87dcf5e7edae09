import { mergeSettings } from '#host/discovery/plugin-settings.js';
import type { SearchEnvironment } from '#host/discovery/search-layers.js';

/** A user without any settings on Linux, whose folders do not exist. */
export const environmentOf = (changes: Partial<SearchEnvironment> = {}): SearchEnvironment => ({
  platform: 'linux',
  env: { XDG_DATA_DIRS: '/nowhere/share' },
  home: '/nowhere/home',
  elevated: false,
  settings: mergeSettings([], 'linux'),
  ...changes,
});
