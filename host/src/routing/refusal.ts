import type { Operation } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { Candidate } from './candidate.js';
import { type Ranking, theOne } from './rank.js';
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

function requiredRefusal(
  name: string,
  ranking: Ranking,
  candidates: readonly Candidate[],
): HostError {
  const meant = theOne(name, candidates);
  if (meant === undefined) {
    const known = [...new Set(candidates.map((candidate) => candidate.name))].join(', ');
    return new HostError('REQUIRED_BACKEND', {
      backend: name,
      reason: 'no plugin of this name or id is installed',
      remedy: `name one of ${known}, or install it`,
    });
  }
  const refused = ranking.refused.find(({ candidate }) => candidate === meant);
  const fix = meant.verdict.fix[0];
  return new HostError('REQUIRED_BACKEND', {
    backend: name,
    reason: refused === undefined ? 'it is excluded here' : `${refused.axis}: ${refused.reason}`,
    remedy: fix === undefined ? 'allow another with --fallback allow' : (fix.command ?? fix.text),
  });
}
