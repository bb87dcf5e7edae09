import type { InjectionToken } from 'tsyringe';

/** Absolute path of the folder of what the host remembers. */
export const StateFolderToken: InjectionToken<string> = Symbol('StateFolder');
