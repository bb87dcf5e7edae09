import type { Operation } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { Candidate } from './candidate.js';
import { type Ranking, theOne } from './rank.js';
import { UNKNOWN, unknownBackend } from './required-name.js';
import type { RouteSettings } from './router.js';

/** The operation in a few words, for messages. */
export function describeOperation(operation: Operation): string {
  if (operation.kind === 'metric') return `metric "${operation.name}"`;
  const { source, interpolator, boundary, pixelType } = operation;
  const pixels = pixelType === source.pixelType ? pixelType : `${source.pixelType} to ${pixelType}`;
  return `${source.grid.size.length}-D resample (${interpolator}, ${boundary.kind}, ${pixels})`;
}

/** The error for a ranking that has nobody to try: who was named or considered, why not, and the way out. */
export function refusal(
  operation: Operation,
  ranking: Ranking,
  candidates: readonly Candidate[],
  settings: RouteSettings,
): HostError {
  const names = settings.backends ?? [];
  const [name] = names;
  if (name !== undefined && names.length === 1) return requiredRefusal(name, ranking, candidates);
  const reason = ranking.refused
    .map(({ candidate, axis, reason: why }) => `${candidate.name}: ${axis} ${why}`)
    .join('; ');
  return new HostError('NO_BACKEND', {
    operation: describeOperation(operation),
    reason: reason === '' ? 'nothing is installed under the names given' : reason,
    remedy: 'install a plugin that has it, or change the interpolator, boundary or pixel type',
  });
}

/**
 * What a user should be told who named backends and is served by another than the first: a GPU user who silently gets
 * the CPU is the commonest complaint about hosts of backends.
 */
export function passedOver(
  operation: Operation,
  ranking: Ranking,
  candidates: readonly Candidate[],
  { backends: names = [] }: RouteSettings,
): string | undefined {
  const serves = ranking.order[0]?.candidate;
  const first = names.findIndex((name) => theOne(name, candidates) === serves);
  const before = first < 0 ? names : names.slice(0, first);
  if (serves === undefined || before.length === 0) return undefined;
  const why = before.map((name) => `${name} (${whyNot(theOne(name, candidates), ranking)})`);
  return `${why.join(' and ')} cannot serve ${describeOperation(operation)}; ${serves.name} does`;
}

function whyNot(meant: Candidate | undefined, { refused }: Ranking): string {
  if (meant === undefined) return UNKNOWN;
  const found = refused.find(({ candidate }) => candidate === meant);
  return found === undefined ? 'it is excluded here' : `${found.axis}: ${found.reason}`;
}

function requiredRefusal(
  name: string,
  ranking: Ranking,
  candidates: readonly Candidate[],
): HostError {
  const meant = theOne(name, candidates);
  if (meant === undefined) {
    return unknownBackend(
      name,
      candidates.map((candidate) => candidate.name),
    );
  }
  const fix = meant.verdict.fix[0];
  return new HostError('REQUIRED_BACKEND', {
    backend: name,
    reason: whyNot(meant, ranking),
    remedy: fix === undefined ? 'allow another with --fallback allow' : (fix.command ?? fix.text),
  });
}
