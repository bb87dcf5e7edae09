/** Results of the steps, as far as the goals need them; what gave no result is not there. */
export interface Timings {
  readonly benchmark?: {
    readonly size: number;
    readonly kernels?: readonly {
      readonly name: string;
      readonly ms: number;
      readonly partOfCopyBandwidth: number;
    }[];
  };
  readonly torch?: { readonly gridSampleMs?: number };
  readonly metrics?: { readonly [name: string]: number };
}

/** A goal that is stated for an H200 and volumes of 512³ on the device. */
export interface Goal {
  readonly name: string;
  readonly goal: number;
  /** Absent where it was not measured. */
  readonly found?: number;
  readonly verdict: 'met' | 'missed' | 'not measured';
}

/** The metrics whose time with derivative is held against the resample's. */
const METRICS = [
  'mean-squares',
  'normalized-correlation',
  'mattes-mutual-information',
  'local-normalized-correlation',
];

/** All goals, whatever was measured. */
export function goalsOf({ benchmark, torch, metrics }: Timings): readonly Goal[] {
  const linear = benchmark?.kernels?.find(({ name }) => name === 'affine-linear');
  const held = (ms: number | undefined): number | undefined =>
    ms === undefined || linear === undefined ? undefined : ms / linear.ms;
  return [
    atLeast('affine-linear, part of copy bandwidth', 0.6, linear?.partOfCopyBandwidth),
    atLeast('grid_sample / affine-linear', 2, held(torch?.gridSampleMs)),
    ...METRICS.map((name) =>
      atMost(`${name} with derivative / affine-linear`, 2, held(metrics?.[name])),
    ),
  ];
}

const atLeast = (name: string, goal: number, found: number | undefined): Goal =>
  judged({ name, goal }, found, found !== undefined && found >= goal);

const atMost = (name: string, goal: number, found: number | undefined): Goal =>
  judged({ name, goal }, found, found !== undefined && found <= goal);

const judged = (
  goal: Pick<Goal, 'name' | 'goal'>,
  found: number | undefined,
  isMet: boolean,
): Goal =>
  found === undefined
    ? { ...goal, verdict: 'not measured' }
    : { ...goal, found, verdict: isMet ? 'met' : 'missed' };
