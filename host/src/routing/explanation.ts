import type { VerdictWord } from '../verdict.js';

/** One backend that was considered for a call. */
export interface Considered {
  readonly backend: string;
  readonly id: string;
  readonly version: string;
  readonly verdict: VerdictWord;
  /** Why it cannot serve: the first failing axis of its capabilities, or its verdict. Absent: it could. */
  readonly refused?: { readonly axis: string; readonly reason: string };
  /** Over all the demanded runs, start and transfers included. */
  readonly predictedMs?: number;
  /** `manifest` until the machine was calibrated. */
  readonly basis?: 'manifest' | 'calibrated';
  /** What the last call of the same shape took here, by the same count; absent where there was none. */
  readonly measuredMs?: number;
}

/** Why a call goes where it goes. */
export interface Explanation {
  readonly operation: string;
  /** Absent where nobody can serve. */
  readonly chosen?: string;
  readonly why: string;
  readonly candidates: readonly Considered[];
  /** What would change the choice. */
  readonly hints: readonly string[];
}
