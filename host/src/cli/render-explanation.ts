import type { Considered, Explanation } from '../routing/explanation.js';
import { formatMs, textTable } from './text-table.js';

/** A decision as text: what was chosen and why, then every candidate, then what would change it. */
export function renderExplanation(explanation: Explanation): string {
  const { operation, chosen, why, candidates, hints } = explanation;
  const head = `${operation}: ${chosen === undefined ? 'nobody can serve' : `${chosen} serves`}; ${why}\n`;
  const rows = candidates.map((candidate) => candidateRow(candidate, candidate.backend === chosen));
  return head + textTable(rows) + hints.map((hint) => `hint: ${hint}\n`).join('');
}

function candidateRow(candidate: Considered, isChosen: boolean): readonly string[] {
  const { backend, version, verdict, refused, predictedMs, measuredMs, basis } = candidate;
  const measured = measuredMs === undefined ? '' : `, last measured ${formatMs(measuredMs)}`;
  const outcome =
    refused === undefined
      ? `predicted ${formatMs(predictedMs ?? Number.NaN)} (${basis ?? 'no basis'})${measured}`
      : `refused by ${refused.axis}: ${refused.reason}`;
  return [isChosen ? '*' : ' ', backend, version, verdict, outcome];
}
