import type { Quarantine } from '../../compatibility/policy.js';
import { own } from '../../own.js';
import type { VerdictWord } from '../../verdict.js';

/** Failures of one plugin that have not led to a quarantine yet, and how often they did. */
export interface Strikes {
  readonly fingerprint: string;
  readonly count: number;
  /** Of the last one; milliseconds since 1970. */
  readonly at: number;
  /** Quarantines so far under this fingerprint. */
  readonly quarantines: number;
  /** Verdict and reason of the last one. */
  readonly last?: string;
}

/** What is remembered of plugins that fail. */
export interface HealthState {
  readonly strikes: Readonly<Record<string, Strikes>>;
  readonly quarantined: Readonly<Record<string, Quarantine>>;
}

export interface Strike {
  readonly id: string;
  readonly fingerprint: string;
  readonly verdict: VerdictWord;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The first failures are retried: this one is not. */
export const STRIKES_TO_QUARANTINE = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The end of time as Date knows it: only other circumstances, or the user, release then. */
const FOR_EVER = 8.64e15;

/** Verdicts that blame the plugin; any other is its manifest's, the machine's or the user's. */
const COUNTED: ReadonlySet<VerdictWord> = new Set([
  'crashed',
  'hung',
  'leaking',
  'contract-violation',
  'load-failed',
  'probe-failed',
  'probe-timeout',
]);

/**
 * Three failures within a day under the same fingerprint, and the plugin is held back for a
 * day; three more, and it is until the fingerprint changes. Pure.
 */
export function addStrike(state: HealthState, strike: Strike): HealthState {
  const { id, fingerprint, now } = strike;
  if (!COUNTED.has(strike.verdict)) return state;
  const before = own(state.strikes, id);
  const same = before?.fingerprint === fingerprint ? before : undefined;
  const recent = same !== undefined && now - same.at < DAY_MS ? same.count : 0;
  const quarantines = same?.quarantines ?? 0;
  const last = `${strike.verdict}: ${strike.reason}`;
  if (recent + 1 < STRIKES_TO_QUARANTINE) {
    const counted = { fingerprint, count: recent + 1, at: now, quarantines, last };
    return { ...state, strikes: { ...state.strikes, [id]: counted } };
  }
  const counted = { fingerprint, count: 0, at: now, quarantines: quarantines + 1, last };
  const until = quarantines === 0 ? now + DAY_MS : FOR_EVER;
  return {
    strikes: { ...state.strikes, [id]: counted },
    quarantined: { ...state.quarantined, [id]: { fingerprint, until, reason: last } },
  };
}

/** What a plugin did lately under these circumstances, for whoever asks how it is; undefined: nothing. Pure. */
export function strikeNote(strikes: Strikes | undefined, fingerprint: string): string | undefined {
  if (strikes === undefined || strikes.fingerprint !== fingerprint || strikes.count === 0)
    return undefined;
  const { count, at, last = 'in a way that was not kept' } = strikes;
  const when = new Date(at);
  const time = Number.isNaN(when.getTime()) ? 'an unknown time' : when.toISOString();
  return `failed ${count} of ${STRIKES_TO_QUARANTINE} times before its quarantine, last at ${time}: ${last}`;
}

/** Forgets what was held against a plugin: the user has looked into it. */
export function release(state: HealthState, id: string): HealthState {
  const { [id]: _strikes, ...strikes } = state.strikes;
  const { [id]: _held, ...quarantined } = state.quarantined;
  return { strikes, quarantined };
}
