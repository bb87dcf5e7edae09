import { type CapabilityBlock, matchCapabilities, type Operation } from '@voxhost/sdk';
import { type Prediction, predict } from '../cost/predict.js';
import { type Workload, workloadOf } from '../cost/workload.js';
import { HostError } from '../errors.js';
import { isUsable } from '../verdict.js';
import { type Candidate, isBuiltIn, isNamed } from './candidate.js';
import type { RouteSettings } from './router.js';

/** A candidate that can serve, with the block that it would serve by. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly block: CapabilityBlock;
  readonly prediction: Prediction;
}

/** A candidate that cannot, and the first axis that says so. */
export interface Refused {
  readonly candidate: Candidate;
  readonly axis: string;
  readonly reason: string;
}

/** The decision: whom to try, in order, and who is out. */
export interface Ranking {
  readonly order: readonly Ranked[];
  readonly refused: readonly Refused[];
  readonly policy: 'required' | 'preferred' | 'fastest';
}

type Judged = { readonly ranked: Ranked } | { readonly refused: Refused };

/**
 * Orders the candidates for an operation. One named backend is required, several are an order; without
 * names the least predicted time wins, ties by the order of the catalogue, and what is built in comes last.
 *
 * @throws HostError `USAGE` for a name that means two plugins.
 */
export function rank(
  operation: Operation,
  candidates: readonly Candidate[],
  settings: RouteSettings = {},
): Ranking {
  const work = workloadOf(operation);
  const excluded = new Set(settings.exclude ?? []);
  const judged = candidates
    .filter((candidate) => !excluded.has(candidate.id))
    .map((candidate) => judge(operation, work, candidate, settings));
  const able = judged.flatMap((j) => ('ranked' in j ? [j.ranked] : []));
  const refused = judged.flatMap((j) => ('refused' in j ? [j.refused] : []));
  const names = settings.backends ?? [];
  if (names.length === 0) return { order: byTime(able), refused, policy: 'fastest' };
  const named = names.flatMap((name) =>
    able.filter(({ candidate }) => candidate === theOne(name, candidates)),
  );
  const others =
    settings.fallback === 'allow' ? byTime(able.filter((r) => !named.includes(r))) : [];
  return {
    order: [...named, ...others],
    refused,
    policy: names.length === 1 ? 'required' : 'preferred',
  };
}

/** The candidate that a name means; a usable one before one that is not. */
export function theOne(name: string, candidates: readonly Candidate[]): Candidate | undefined {
  const meant = candidates.filter((candidate) => isNamed(candidate, name));
  const usable = meant.filter((candidate) => isUsable(candidate.verdict));
  const ids = new Set(usable.map((candidate) => candidate.id));
  if (ids.size > 1) {
    throw new HostError('USAGE', {
      reason: `backend "${name}" means ${[...ids].sort().join(' and ')}: name one by its id`,
    });
  }
  return usable[0] ?? meant[0];
}

function judge(
  operation: Operation,
  work: Workload,
  candidate: Candidate,
  { deterministic = false }: RouteSettings,
): Judged {
  if (!isUsable(candidate.verdict)) {
    return { refused: { candidate, axis: 'verdict', reason: verdictReason(candidate) } };
  }
  const { capabilities } = candidate;
  const allowed = deterministic ? capabilities.filter(isDeterministic) : capabilities;
  const byCost = allowed
    .filter((block) => matchCapabilities([block], operation).ok)
    .map((block) => rankedBy(block, work, candidate))
    .sort((a, b) => a.prediction.totalMs - b.prediction.totalMs);
  if (byCost[0] !== undefined) return { ranked: byCost[0] };
  // A demand may be spread over blocks, none of which has all of it.
  const match = matchCapabilities(allowed, operation);
  if (match.ok) return { ranked: rankedBy(match.block, work, candidate) };
  const any = allowed === capabilities ? match : matchCapabilities(capabilities, operation);
  const why = any.ok ? { axis: 'numerics', reason: NOT_DETERMINISTIC } : any.mismatch;
  return { refused: { candidate, ...why } };
}

const isDeterministic = ({ numerics }: CapabilityBlock): boolean => numerics.deterministic;
const NOT_DETERMINISTIC = 'does not declare that the same call gives the same bits';

function rankedBy(block: CapabilityBlock, work: Workload, candidate: Candidate): Ranked {
  const { isActive, startingForMs, basis, isIsolated = false } = candidate;
  return {
    candidate,
    block,
    prediction: predict(block.cost, work, { isActive, startingForMs, basis, isIsolated }),
  };
}

/** Stable: candidates come in the catalogue's total order, which decides ties. */
function byTime(able: readonly Ranked[]): readonly Ranked[] {
  const rankOf = (r: Ranked) =>
    isBuiltIn(r.candidate) ? Number.POSITIVE_INFINITY : r.prediction.totalMs;
  return [...able].sort((a, b) => {
    const [left, right] = [rankOf(a), rankOf(b)];
    return left === right ? 0 : left - right;
  });
}

function verdictReason({ verdict }: Candidate): string {
  const { expected, found, where } = verdict.evidence;
  const parts = [
    verdict.verdict,
    expected === undefined ? '' : `expected ${textOf(expected)}`,
    found === undefined ? '' : `found ${textOf(found)}`,
    where === undefined ? '' : `at ${where}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
