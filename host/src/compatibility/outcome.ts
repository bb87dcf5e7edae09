import type { Evidence, Fix, Note, Stage, VerdictWord } from '../verdict.js';

/** Why a stage ends the way of a plugin, or of one of its targets. */
export interface Refusal {
  readonly stage: Stage;
  readonly verdict: VerdictWord;
  readonly evidence: Evidence;
  readonly fix: readonly Fix[];
}

/** What one stage says. `unchecked`: it could not be judged here, and does not count as passed. */
export type Outcome =
  | { readonly kind: 'passed'; readonly notes: readonly Note[] }
  | { readonly kind: 'unchecked'; readonly notes: readonly Note[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const PASSED: Outcome = { kind: 'passed', notes: [] };

export const passed = (...notes: readonly Note[]): Outcome =>
  notes.length === 0 ? PASSED : { kind: 'passed', notes };

export const unchecked = (...notes: readonly Note[]): Outcome => ({ kind: 'unchecked', notes });

export const refused = (
  stage: Stage,
  verdict: VerdictWord,
  evidence: Evidence,
  ...fix: readonly Fix[]
): Outcome => ({ kind: 'refused', refusal: { stage, verdict, evidence, fix } });

/** One line: what was expected, what was found and where. */
export function evidenceText({ expected, found, where }: Evidence): string {
  const parts = [
    expected === undefined ? '' : `needs ${plain(expected)}`,
    found === undefined ? '' : `found ${plain(found)}`,
  ].filter((part) => part !== '');
  return `${parts.join(', ')}${where === undefined ? '' : ` (${where})`}`;
}

const plain = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
