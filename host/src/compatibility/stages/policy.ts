import { own } from '../../own.js';
import { fingerprintOf } from '../fingerprint.js';
import { matchesId } from '../id-pattern.js';
import { type Outcome, passed, refused } from '../outcome.js';
import type { StageInput } from '../subject.js';

/** Stage 4: what the user disabled, selected or excluded, licences, quarantine. */
export function judgePolicy(input: StageInput): Outcome {
  return (
    judgeDisabled(input) ??
    judgePatterns(input) ??
    judgePin(input) ??
    judgeLicence(input) ??
    judgeQuarantine(input) ??
    passed()
  );
}

function judgeDisabled({ manifest: { id }, policy }: StageInput): Outcome | undefined {
  if (!policy.disabled.includes(id)) return undefined;
  return refused(
    'policy',
    'disabled',
    { found: `${id} among the disabled plugins` },
    { text: 'enable it', command: `voxhost plugins enable ${id}` },
  );
}

/** Select beats disable: what is selected by name is wanted. */
function judgePatterns({ manifest: { id }, policy }: StageInput): Outcome | undefined {
  const { select, disable } = policy;
  if (select !== undefined) {
    if (select.value.some((pattern) => matchesId(pattern, id))) return undefined;
    const expected = select.value.map(({ text }) => text.trim()).join(', ');
    return refused(
      'policy',
      'excluded',
      { expected, found: id, where: select.origin },
      { text: `add ${id} to ${select.origin}` },
    );
  }
  const pattern = disable?.value.find((each) => matchesId(each, id));
  if (pattern === undefined || disable === undefined) return undefined;
  return refused(
    'policy',
    'excluded',
    { found: `${id} matches ${pattern.text.trim()}`, where: disable.origin },
    { text: `take ${pattern.text.trim()} out of ${disable.origin}` },
  );
}

/** Other bytes under a version that is pinned with its digest: exchanged, on one side or the other. */
function judgePin({
  manifest: { id, version },
  path,
  policy,
  digest,
}: StageInput): Outcome | undefined {
  const pin = policy.pins?.get(id);
  if (pin?.sha256 === undefined || pin.version !== version || pin.sha256 === digest())
    return undefined;
  return refused(
    'policy',
    'untrusted',
    { expected: `sha256 ${pin.sha256} of ${pin.origin}`, found: `sha256 ${digest()}`, where: path },
    { text: `install the ${id} ${version} that was locked, or correct ${pin.origin}` },
  );
}

/** Identifiers of an SPDX expression; exceptions and alternatives must all be allowed. */
function judgeLicence({ manifest, path, policy }: StageInput): Outcome | undefined {
  const { licences } = policy;
  if (licences === undefined || licences.includes(manifest.license)) return undefined;
  const named = manifest.license.split(/[\s()]+|\b(?:AND|OR|WITH)\b/).filter((part) => part !== '');
  if (named.length > 0 && named.every((name) => licences.includes(name))) return undefined;
  return refused(
    'policy',
    'excluded',
    { expected: [...licences], found: manifest.license, where: `${path} license` },
    { text: 'allow the licence in the configuration, or remove the plugin' },
  );
}

function judgeQuarantine(input: StageInput): Outcome | undefined {
  const { id } = input.manifest;
  const { policy } = input;
  const held = own(policy.quarantined, id);
  if (held === undefined || policy.now >= held.until) return undefined;
  if (held.fingerprint !== fingerprintOf(input)) return undefined;
  return refused(
    'policy',
    'quarantined',
    { found: held.reason, where: `until ${new Date(held.until).toISOString()}` },
    { text: 'release it', command: `voxhost plugins release ${id}` },
  );
}
