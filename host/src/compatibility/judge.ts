import type { Json, Manifest, Target } from '@voxhost/sdk';
import { nodeCrypto } from '../node-builtins.js';
import { type ManifestDocument, readDocument, withLine } from './document.js';
import { type Circumstances, fingerprintOf } from './fingerprint.js';
import type { MachineFacts } from './machine-facts.js';
import { isSealed } from './manifest-rules.js';
import { evidenceText, type Outcome, type Refusal } from './outcome.js';
import type { Policy } from './policy.js';
import { judgeEngine } from './stages/engine.js';
import { judgeIdentity } from './stages/identity.js';
import { judgeIntegrity } from './stages/integrity.js';
import { judgeLayout } from './stages/layout.js';
import { judgeNapi } from './stages/napi.js';
import { judgeOwnership } from './stages/ownership.js';
import { judgePolicy } from './stages/policy.js';
import { judgePreflight } from './stages/preflight.js';
import { judgeRequire } from './stages/require.js';
import { judgeTarget, targetName } from './stages/target.js';
import type { StageInput, Subject, TargetInput } from './subject.js';
import {
  type Note,
  SEVERITY,
  STAGES,
  type Stage,
  TRANSIENT,
  type Verdict,
  type VerdictWord,
} from './verdict.js';

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

interface Step<I> {
  readonly stage: Stage;
  readonly judge: (input: I) => Outcome;
}

/** Stages of the whole plugin, in order. */
const PLUGIN_STEPS: readonly Step<StageInput>[] = [
  { stage: 'schema', judge: judgeLayout },
  { stage: 'identity', judge: judgeIdentity },
  { stage: 'policy', judge: judgePolicy },
  { stage: 'engine', judge: judgeEngine },
];

/** Stages of each target, in order. */
const TARGET_STEPS: readonly Step<TargetInput>[] = [
  { stage: 'target', judge: judgeTarget },
  { stage: 'napi', judge: judgeNapi },
  { stage: 'integrity', judge: judgeIntegrity },
  { stage: 'preflight', judge: judgePreflight },
  { stage: 'require', judge: judgeRequire },
];

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
  const { path, layer, guarded, files, unlisted, signature, binaries, preflights, libraries } =
    subject;
  // named one by one, since thousands may be judged at once and copying what is left of an object takes far longer
  const input: StageInput = {
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
    digest: () => digestOf(located.bytes),
    machine,
    policy,
  };
  const about = {
    manifest,
    declaredCapabilities: read.declaredCapabilities,
    sealed: isSealed(manifest),
    trusted: isTrusted(input),
    pinned: policy.pins?.get(manifest.id)?.version === manifest.version,
    fingerprint: fingerprintLater({ manifest, files, machine }),
  };
  const lined = (refusal: Refusal) => withLine(refusal, located.bytes, path);
  const whole = walk(PLUGIN_STEPS, input);
  const notes = [...read.notes, ...whole.notes];
  if (whole.refusal !== undefined)
    return { ...refusedAs(lined(whole.refusal), manifest, { ...whole, notes }), ...about };
  const chosen = chooseTarget(input);
  const walked = {
    notes: [...notes, ...chosen.walk.notes],
    unchecked: [...whole.unchecked, ...chosen.walk.unchecked],
  };
  if (chosen.walk.refusal !== undefined)
    return { ...refusedAs(lined(chosen.walk.refusal), manifest, walked), ...about };
  const verdict = verdictOf('compatible', 'require', manifest, walked);
  return { ...about, verdict, target: chosen.target };
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

interface Walk {
  readonly notes: readonly Note[];
  readonly unchecked: readonly Stage[];
  readonly refusal?: Refusal;
}

function walk<I>(steps: readonly Step<I>[], input: I): Walk {
  const notes: Note[] = [];
  const skipped: Stage[] = [];
  for (const { stage, judge: judgeStage } of steps) {
    const outcome = judgeStage(input);
    if (outcome.kind === 'refused') return { notes, unchecked: skipped, refusal: outcome.refusal };
    if (outcome.kind === 'unchecked') skipped.push(stage);
    if (outcome.notes.length > 0) notes.push(...outcome.notes);
  }
  return { notes, unchecked: skipped };
}

/** The first target that passes, and why those before it do not; else the one that came furthest, the later of equals, and why the others do not. */
function chooseTarget(input: StageInput): { target: Target; walk: Walk } {
  const walks = input.manifest.targets.map((target) => ({
    target,
    walk: walk(TARGET_STEPS, { ...input, target }),
  }));
  const good = walks.findIndex((each) => each.walk.refusal === undefined);
  const found = walks[good];
  const chosen = found ?? walks.reduce((a, b) => (depth(b.walk) >= depth(a.walk) ? b : a));
  const others =
    found === undefined ? walks.filter((each) => each !== chosen) : walks.slice(0, good);
  const notes = others.flatMap((each) =>
    otherNote(each, found ? 'degraded' : 'nor', input.machine),
  );
  return { ...chosen, walk: { ...chosen.walk, notes: [...notes, ...chosen.walk.notes] } };
}

const depth = ({ refusal }: Walk): number =>
  refusal === undefined ? STAGES.length : STAGES.indexOf(refusal.stage);

/** A target that would have been preferred, or would have done too; one for another system or cpu is nothing to tell. */
function otherNote(
  { target, walk: { refusal } }: { target: Target; walk: Walk },
  word: 'degraded' | 'nor',
  machine: MachineFacts,
): Note[] {
  if (refusal === undefined || isForeign(target, machine)) return [];
  const { stage, verdict, evidence, fix } = refusal;
  const text = `${word}: target ${targetName(target)} is ${verdict}: ${evidenceText(evidence)}`;
  return [{ stage, text, evidence, fix }];
}

const isForeign = ({ os, cpu }: Target, machine: MachineFacts): boolean =>
  (os !== '*' && os !== machine.os) || (cpu !== '*' && cpu !== machine.cpu);

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
