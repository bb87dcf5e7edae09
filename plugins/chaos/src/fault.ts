/** The steps of a plugin's life at which something can go wrong. */
export const STEPS = ['activate', 'prepare', 'run', 'dispose'] as const;

export type Step = (typeof STEPS)[number];

/** What can go wrong. `misbehave.ts` and `lie.ts` say what each does. */
const MISDEEDS = [
  // the process ends
  'segv',
  'bus',
  'ill',
  'abort',
  'kill',
  'exit',
  'exit7',
  'out-of-memory',
  // it goes on, but no answer comes
  'spin',
  'stall',
  'ignore-term',
  // it answers with an error
  'throw',
  'throw-text',
  'no-memory',
  'unsupported',
  // it fails outside the call
  'reject-later',
  // it answers wrongly
  'short',
  'wrong-type',
  'unwritten',
  'not-into',
  'outside',
  'off-by-one',
  'nothing',
  // it answers other numbers
  'half-voxel',
  'swapped-axes',
  'last-slice',
  'noise',
  'nan',
  // it breaks the stream or prints
  'print',
  'flood',
  'garbage',
  'huge-frame',
  'half-frame',
  'answer-twice',
  // it wastes
  'leak',
  'daemon',
  // it tampers with its process
  'tamper',
] as const;

export type Misdeed = (typeof MISDEEDS)[number];

/** At the n-th time of a step, counted from 1; without it, at every time. */
export interface Fault {
  readonly step: Step;
  readonly nth?: number;
  readonly misdeed: Misdeed;
}

/**
 * Faults as text: `step[:n]=misdeed`, separated by commas.
 *
 * @example
 * parseFaults('run:3=segv, dispose=stall');
 */
export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFault);
}

function parseFault(text: string): Fault {
  const [, where, count, what] = /^(\w+)(?::(\d+))?=([\w-]+)$/.exec(text) ?? [];
  const step = STEPS.find((known) => known === where);
  const misdeed = MISDEEDS.find((known) => known === what);
  if (step === undefined || misdeed === undefined) {
    throw new Error(
      `"${text}" is no fault; write step[:n]=misdeed, of ${STEPS.join(' ')} and ${MISDEEDS.join(' ')}`,
    );
  }
  return count === undefined ? { step, misdeed } : { step, nth: Number(count), misdeed };
}

/** Counts the steps and tells which misdeed is due. */
export class FaultPlan {
  readonly #faults: readonly Fault[];
  readonly #counts = new Map<Step, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  next(step: Step): Misdeed | undefined {
    const count = (this.#counts.get(step) ?? 0) + 1;
    this.#counts.set(step, count);
    return this.#faults.find((f) => f.step === step && (f.nth === undefined || f.nth === count))
      ?.misdeed;
  }
}
