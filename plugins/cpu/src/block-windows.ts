import {
  type AffineMap,
  asVolume,
  type Block,
  createBreather,
  type FieldMap,
  type IndexMap,
  type Lattice,
  mapMembers,
  type Resample,
  type RunOptions,
} from '@voxhost/sdk';
import { gazeOf, type LatticeValues } from './bricks/gaze.js';
import type { IndexRange } from './bricks/index-box.js';
import { type LatticeSurvey, surveyLattice, valuesWithin } from './bricks/lattice-survey.js';
import { samplesOf } from './bricks/sample-box.js';
import { samplingRules } from './sampling-rules.js';

/** What a block of output looks at, along the last axis of each. */
export interface BlockWindows {
  /** Slices of the source; all where the block may look anywhere. */
  readonly source: IndexRange;
  /** Of the lattice of each step; undefined for an affine. */
  readonly lattices: readonly (IndexRange | undefined)[];
}

/** The windows of a block whose start is absolute; of points, which have no block, everything. */
export type WindowsOf = (block: Block | undefined) => BlockWindows;

/** Values of a lattice that are looked at to find out where it leads: a tenth of a millisecond. */
const MOST_SURVEYED = 2 ** 16;

/** Looks at lattices that are small, if there is more than one block to be told apart. */
export async function createWindows(
  operation: Resample,
  map: IndexMap,
  isDivided: boolean,
  { signal }: RunOptions,
): Promise<WindowsOf> {
  const steps = mapMembers(map);
  const surveys = await surveySmall(isDivided ? steps : [], signal);
  const { source, interpolator, boundary } = operation;
  const rules = samplingRules(interpolator, boundary);
  const count = asVolume(source.grid.size)[2];
  const all = {
    source: { first: 0, count },
    lattices: steps.map((step) =>
      step.kind === 'affine' ? undefined : { first: 0, count: lastOf(step.lattice.size) },
    ),
  };
  return (block) => {
    if (block === undefined) return all;
    const indices = source.grid.size.map((_, axis) => {
      const low = block.start[axis];
      return { low, high: low + block.size[axis] - 1 };
    });
    const { positions, lattices } = gazeOf(steps, indices, (lattice, box) => {
      const survey = surveys.get(lattice);
      return survey ? valuesWithin(survey, box) : anyValues(lattice);
    });
    const seen = positions[2] && samplesOf(positions[2], { count, margin: 0 }, rules);
    return {
      source: seen?.isPlain ? { first: seen.first, count: seen.count } : all.source,
      lattices: lattices.map((box) => box && lastOf(box)),
    };
  };
}

async function surveySmall(
  steps: readonly (AffineMap | FieldMap)[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Lattice, LatticeSurvey>> {
  const surveys = new Map<Lattice, LatticeSurvey>();
  const breathe = createBreather(signal ? { signal } : {});
  for (const step of steps) {
    if (step.kind === 'affine' || step.lattice.data.length > MOST_SURVEYED) continue;
    const { lattice } = step;
    if (!surveys.has(lattice)) surveys.set(lattice, await surveyLattice(lattice, breathe));
  }
  return surveys;
}

const lastOf = <T>(axes: readonly T[]): T => axes[axes.length - 1];

const anyValues = ({ size }: Lattice): LatticeValues => ({
  components: size.map(() => ({ low: -Infinity, high: Infinity })),
  areFinite: true,
});
