import type { VerdictWord } from '../../verdict.js';
import { deathOf } from '../process/death.js';

/** How a probe ended and what it said. */
export interface ProbeFacts {
  /** It was ended because it took longer than this, in milliseconds. */
  readonly expiredMs?: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It said more than anybody reads. */
  readonly isCut: boolean;
}

export type ProbeVerdict =
  | { readonly ok: true; readonly found: unknown }
  | { readonly ok: false; readonly verdict: VerdictWord; readonly reason: string };

/** Verdicts that a probe may give on its own machine. */
const OWN_VERDICTS: readonly VerdictWord[] = [
  'missing-hardware',
  'busy',
  'driver-too-old',
  'library-mismatch',
  'missing-library',
];

/**
 * Judges a probe: it is to exit with 0 and to print one JSON object with `ready`, nothing else. With
 * `ready: false` it may name the verdict and the reason. Pure.
 */
export function judgeProbe(facts: ProbeFacts): ProbeVerdict {
  const { expiredMs, code, signal, stderr } = facts;
  if (expiredMs !== undefined)
    return no('probe-timeout', `its probe did not end within ${expiredMs} ms`);
  if (signal !== null)
    return no('crashed', deathOf({ ...facts, during: 'during its probe' }).reason);
  const said = stderr === '' ? '' : `: ${stderr.slice(-500)}`;
  if (code !== 0) return no('probe-failed', `its probe ended with exit code ${code}${said}`);
  if (facts.isCut) return no('probe-failed', 'its probe said more than anybody reads');
  return judgeAnswer(facts.stdout);
}

function judgeAnswer(stdout: string): ProbeVerdict {
  const found = parsed(stdout);
  if (found === undefined)
    return no('probe-failed', `its probe said no JSON object, but ${excerpt(stdout)}`);
  const { ready, verdict, reason } = found;
  if (ready === true) return { ok: true, found };
  if (ready !== false) return no('probe-failed', 'its probe did not say whether it is ready');
  const own = OWN_VERDICTS.find((word) => word === verdict) ?? 'probe-failed';
  return no(own, typeof reason === 'string' ? reason : 'its probe says that it is not ready');
}

function parsed(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as { readonly [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

const excerpt = (text: string): string =>
  text.trim() === '' ? 'nothing' : JSON.stringify(text.slice(0, 100));

const no = (verdict: VerdictWord, reason: string): ProbeVerdict => ({ ok: false, verdict, reason });
