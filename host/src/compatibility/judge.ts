import type { Json, Manifest, Target } from '@voxhost/sdk';
import { nodeCrypto } from '../node-builtins.js';
import {
  SEVERITY,
  STAGES,
  type Stage,
  TRANSIENT,
  type Verdict,
  type VerdictWord,
} from '../verdict.js';
import { type ManifestDocument, readDocument, withLine } from './document.js';
import { type Circumstances, fingerprintOf } from './fingerprint.js';
import type { MachineFacts } from './machine-facts.js';
import { isSealed } from './manifest-rules.js';
import type { Refusal } from './outcome.js';
import type { Policy } from './policy.js';
import { judgeOwnership } from './stages/ownership.js';
import type { StageInput, Subject } from './subject.js';
import { type Walk, walkPlugin, walkTargets } from './walk-stages.js';

/** A verdict and what it is about, as far as it could be read. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly manifest?: Manifest;
  readonly declaredCapabilities?: Json;
  /** The target that passed. */
  readonly target?: Target;
  readonly sealed: boolean;
  /** Does it come with the host, or does the user trust exactly these files? */
  readonly trusted: boolean;
  /** Does a lock file go for this version? */
  readonly pinned: boolean;
  /** Of the circumstances that it was judged in; reading it may ask the machine. */
  readonly fingerprint?: () => string;
}

/**
 * Stages 0 to 10 for one plugin: a pure function of what was found, the machine and the policy. The first
 * refusal ends the way; of the targets the first that passes is taken, and those before it are noted.
 *
 * @param document - the manifest as read before, to spare reading it again
 */
export function judge(
  subject: Subject,
  machine: MachineFacts,
  policy: Policy,
  document?: ManifestDocument,
): Judgement {
  const { located } = subject;
  if (!located.ok) return refusedAs(located.refusal); // first, since a link's own mode says nothing
  const foreign = judgeOwnership(subject.guarded ?? [], subject.layer, policy);
  if (foreign !== undefined) return refusedAs(foreign);
  const read = document ?? readDocument(located.bytes, subject.path);
  if (!read.ok) return refusedAs(read.refusal, read);
  const { manifest } = read;
  const input = inputOf(subject, { manifest, bytes: located.bytes, machine, policy });
  const about = {
    manifest,
    declaredCapabilities: read.declaredCapabilities,
    sealed: isSealed(manifest),
    trusted: isTrusted(input),
    pinned: policy.pins?.get(manifest.id)?.version === manifest.version,
    fingerprint: fingerprintLater({ manifest, files: subject.files, machine }),
  };
  const lined = (refusal: Refusal) => withLine(refusal, located.bytes, subject.path);
  const whole = walkPlugin(input);
  const notes = [...read.notes, ...whole.notes];
  if (whole.refusal !== undefined)
    return { ...refusedAs(lined(whole.refusal), manifest, { ...whole, notes }), ...about };
  const chosen = walkTargets(input);
  const walked = {
    notes: [...notes, ...chosen.walk.notes],
    unchecked: [...whole.unchecked, ...chosen.walk.unchecked],
  };
  if (chosen.walk.refusal !== undefined)
    return { ...refusedAs(lined(chosen.walk.refusal), manifest, walked), ...about };
  const verdict = verdictOf('compatible', 'require', manifest, walked);
  return { ...about, verdict, target: chosen.target };
}

/** What stages go by. Named one by one, since of thousands of plugins copying what is left of an object takes far longer. */
function inputOf(
  subject: Subject,
  {
    bytes,
    manifest,
    machine,
    policy,
  }: Pick<StageInput, 'manifest' | 'machine' | 'policy'> & { readonly bytes: Uint8Array },
): StageInput {
  const { path, layer, guarded, files, unlisted, signature, binaries, preflights, libraries } =
    subject;
  return {
    path,
    layer,
    guarded,
    files,
    unlisted,
    signature,
    binaries,
    preflights,
    libraries,
    manifest,
    digest: () => digestOf(bytes),
    machine,
    policy,
  };
}

/** Keeps nothing but what it needs: the manifest's bytes are let go. */
const fingerprintLater = (circumstances: Circumstances) => () => fingerprintOf(circumstances);

/** Layers that come with the host. */
const HOSTS_OWN = 7;

/** Trust is bound to the manifest's bytes, and by its seals to every file. */
function isTrusted({ manifest, digest, layer, policy }: StageInput): boolean {
  if (layer >= HOSTS_OWN) return true;
  const trusted = Object.hasOwn(policy.trusted, manifest.id)
    ? policy.trusted[manifest.id]
    : undefined;
  return trusted !== undefined && isSealed(manifest) && trusted === digest();
}

const digestOf = (bytes: Uint8Array): string =>
  nodeCrypto().createHash('sha256').update(bytes).digest('hex');

/** What is known of a plugin that may not have been read. */
interface Known {
  readonly id?: string;
  readonly version?: string;
}

type Walked = Pick<Walk, 'notes' | 'unchecked'>;

const NOT_WALKED: Walked = { notes: [], unchecked: [] };

function refusedAs(
  { stage, verdict, evidence, fix }: Refusal,
  known: Known = {},
  walked: Walked = NOT_WALKED,
): Judgement {
  return {
    verdict: { ...verdictOf(verdict, stage, known, walked), evidence, fix },
    sealed: false,
    trusted: false,
    pinned: false,
  };
}

function verdictOf(
  verdict: VerdictWord,
  stage: Stage,
  { id, version }: Known,
  { notes, unchecked: skipped }: Walked,
): Verdict {
  const judged = {
    verdict,
    stage: STAGES.indexOf(stage),
    severity: SEVERITY[verdict],
    transient: TRANSIENT.includes(verdict),
    evidence: {},
    fix: [],
    notes,
    unchecked: skipped,
  };
  if (id !== undefined && version !== undefined) return { id, version, ...judged };
  return { ...(id !== undefined && { id }), ...(version !== undefined && { version }), ...judged };
}
