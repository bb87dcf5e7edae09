import type { Target } from '@voxhost/sdk';
import { type Note, STAGES, type Stage } from '../verdict.js';
import type { MachineFacts } from './machine-facts.js';
import { evidenceText, type Outcome, type Refusal } from './outcome.js';
import { judgeEngine } from './stages/engine.js';
import { judgeIdentity } from './stages/identity.js';
import { judgeIntegrity } from './stages/integrity.js';
import { judgeLayout } from './stages/layout.js';
import { judgeNapi } from './stages/napi.js';
import { judgePolicy } from './stages/policy.js';
import { judgePreflight } from './stages/preflight.js';
import { judgeRequire } from './stages/require.js';
import { judgeTarget, targetName } from './stages/target.js';
import type { StageInput, TargetInput } from './subject.js';

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

/** How far stages were passed: what they remarked, what they could not check, and the refusal that ended the way. */
export interface Walk {
  readonly notes: readonly Note[];
  readonly unchecked: readonly Stage[];
  readonly refusal?: Refusal;
}

/** The stages of the whole plugin; the first refusal ends the way. */
export const walkPlugin = (input: StageInput): Walk => walk(PLUGIN_STEPS, input);

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
export function walkTargets(input: StageInput): { target: Target; walk: Walk } {
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
