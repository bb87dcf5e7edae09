import { type Evidence, type Fix, SEVERITY, STAGES, type VerdictWord } from '../verdict.js';
import type { CatalogueEntry } from './catalogue.js';

/** Of the words that only the plugins beside it can earn a plugin, the stage that decides. */
const STAGE_OF = {
  shadowed: 'identity',
  duplicate: 'identity',
  'dependency-failed': 'policy',
  'dependency-cycle': 'policy',
} as const satisfies { readonly [W in VerdictWord]?: (typeof STAGES)[number] };

/** The entry, refused because of others. */
export function refuseEntry(
  entry: CatalogueEntry,
  verdict: keyof typeof STAGE_OF,
  evidence: Evidence,
  ...fix: readonly Fix[]
): CatalogueEntry {
  const stage = STAGES.indexOf(STAGE_OF[verdict]);
  const severity = SEVERITY[verdict];
  const refused = { verdict, stage, severity, transient: false, evidence, fix, unchecked: [] };
  return { ...entry, verdict: { ...entry.verdict, ...refused } };
}
