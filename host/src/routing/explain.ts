import type { Operation } from '@voxhost/sdk';
import type { Prediction } from '../cost/predict.js';
import type { Candidate } from './candidate.js';
import type { Considered, Explanation } from './explanation.js';
import type { MeasuredOf } from './measured/measured-runs.js';
import type { Ranked, Ranking } from './rank.js';
import { describeOperation } from './refusal.js';

/** Puts a ranking into words and numbers. Pure: nothing is loaded, so what a backend narrows at run time is not in it. */
export function explainRanking(
  operation: Operation,
  ranking: Ranking,
  measured: MeasuredOf = () => undefined,
): Explanation {
  const [first] = ranking.order;
  const explanation = {
    operation: describeOperation(operation),
    why: reasonFor(ranking),
    candidates: [
      ...ranking.order.map((ranked) => considered(ranked, measured)),
      ...ranking.refused.map(refused),
    ],
    hints: hintsFor(ranking),
  };
  return first === undefined ? explanation : { ...explanation, chosen: first.candidate.name };
}

function reasonFor({ order, policy }: Ranking): string {
  const [first, second] = order;
  if (first === undefined) return 'no candidate can serve';
  if (policy === 'required') return 'it was named';
  if (policy === 'preferred') return 'it is the first of the named that can serve';
  if (first.candidate.layer === 8)
    return 'no plugin can serve; the built-in reference is slow but always there';
  if (second === undefined || second.candidate.layer === 8)
    return 'it is the only plugin that can serve';
  return `least predicted time: ${ms(first.prediction.totalMs)} against ${ms(second.prediction.totalMs)} on ${second.candidate.name}`;
}

function considered({ candidate, prediction }: Ranked, measured: MeasuredOf): Considered {
  const measuredMs = measured(candidate);
  return {
    ...identityOf(candidate),
    predictedMs: prediction.totalMs,
    basis: prediction.basis,
    ...(measuredMs !== undefined && { measuredMs }),
  };
}

function refused({ candidate, axis, reason }: Ranking['refused'][number]): Considered {
  return { ...identityOf(candidate), refused: { axis, reason } };
}

const identityOf = ({ name, id, version, verdict }: Candidate) => ({
  backend: name,
  id,
  version,
  verdict: verdict.verdict,
});

function hintsFor({ order, refused: out, policy }: Ranking): readonly string[] {
  const [first, ...others] = order;
  const slower =
    policy === 'fastest' && first !== undefined
      ? others.flatMap((other) => crossover(first, other))
      : [];
  const fixes = out.flatMap(({ candidate, axis }) =>
    axis === 'verdict'
      ? candidate.verdict.fix.map((fix) => `${candidate.name}: ${fix.command ?? fix.text}`)
      : [],
  );
  const basis =
    first?.prediction.basis === 'manifest'
      ? ['predictions are the manifests\' until "voxhost calibrate" was run']
      : [];
  return [...slower, ...fixes, ...basis];
}

/** Where, on a call of the same kind but larger or smaller, the slower one would win. */
function crossover(first: Ranked, other: Ranked): readonly string[] {
  if (other.candidate.layer === 8) return [];
  const [a, b] = [linear(first.prediction), linear(other.prediction)];
  const scale = (b.fixed - a.fixed) / (a.slope - b.slope);
  if (!Number.isFinite(scale) || scale <= 0) return [];
  const side = a.slope > b.slope ? 'above' : 'below';
  return [
    `${other.candidate.name} would be chosen ${side} ${scale >= 10 ? Math.round(scale) : scale.toPrecision(2)} times this size`,
  ];
}

const linear = (p: Prediction): { fixed: number; slope: number } => ({
  fixed: p.fixedMs,
  slope: p.totalMs - p.fixedMs,
});

const ms = (value: number): string => `${value.toPrecision(3)} ms`;
