import type { CapabilityBlock } from '@voxhost/sdk';
import type { Layer } from '../discovery/catalogue.js';
import type { Activity } from '../loading/backend-pool.js';
import type { Verdict } from '../verdict.js';

/** All that ranking knows of one backend: values only, so that any machine's choice can be tested. */
export interface Candidate extends Activity {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly layer: Layer;
  readonly verdict: Verdict;
  /** Declared blocks; where the machine was calibrated, with its costs. */
  readonly capabilities: readonly CapabilityBlock[];
  readonly basis: 'manifest' | 'calibrated';
  /** Does it run in a process of its own, so that all it works on crosses a pipe? */
  readonly isIsolated?: boolean;
}

/** Compiled in and never removed: serves when no plugin can. */
export const isBuiltIn = (candidate: Candidate): boolean => candidate.layer === 8;

/** Does a name that a user wrote mean this candidate? Either word will do. */
export const isNamed = (candidate: Candidate, name: string): boolean =>
  candidate.name === name || candidate.id === name;
