import type { LogLevel } from '@voxhost/sdk';
import type { InjectionToken } from './injection.js';

/** What the host and its plugins have to say; `source` is a part of the host or a plugin's id. */
export type HostLog = (level: LogLevel, source: string, text: string) => void;

export const LogToken: InjectionToken<HostLog> = Symbol('HostLog');
