import type { InjectionToken } from '../injection.js';

/** Absolute path of the folder of what the host remembers. */
export const StateFolderToken: InjectionToken<string> = Symbol('StateFolder');
