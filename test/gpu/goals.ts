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
  readonly found: number;
  readonly isMet: boolean;
}

/** Of those whose parts were measured. */
export function goalsOf({ benchmark, torch, metrics }: Timings): readonly Goal[] {
  const linear = benchmark?.kernels?.find(({ name }) => name === 'affine-linear');
  if (linear === undefined) return [];
  const { gridSampleMs } = torch ?? {};
  const atLeast = (name: string, goal: number, found: number | undefined): readonly Goal[] =>
    found === undefined ? [] : [{ name, goal, found, isMet: found >= goal }];
  const measured = Object.entries(metrics ?? {}).map(([name, ms]) => {
    const found = ms / linear.ms;
    return { name: `${name} with derivative / affine-linear`, goal: 2, found, isMet: found <= 2 };
  });
  return [
    ...atLeast('affine-linear, part of copy bandwidth', 0.6, linear.partOfCopyBandwidth),
    ...atLeast('grid_sample / affine-linear', 2, gridSampleMs && gridSampleMs / linear.ms),
    ...measured,
  ];
}
