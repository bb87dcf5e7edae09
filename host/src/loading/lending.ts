import type { InjectionToken } from '../injection.js';
import type { BackendLimits } from './process/process-backend.js';

/** What the host lends to every plugin that it activates. */
export interface Lending {
  /** Most threads that a plugin may compute with. */
  readonly threads: number;
  /** Of plugins in processes of their own, where they are not the defaults. */
  readonly limits: Partial<BackendLimits>;
  /** Where npm libraries that users bring are resolved from; read when a plugin is activated. */
  libraryFolders(): Promise<readonly string[]>;
}

export const LendingToken: InjectionToken<Lending> = Symbol('Lending');
