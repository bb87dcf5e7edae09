import { homedir } from 'node:os';
import { type PlatformPlaces, placesOf } from '../discovery/platform-places.js';

/** Where this process keeps its configuration, state and caches. */
export const readPlaces = (): PlatformPlaces =>
  placesOf({ platform: process.platform, env: process.env, home: homedir() });
