import {
  type Block,
  createBreather,
  type IndexMap,
  type Lattice,
  mapMembers,
  type Resample,
  type RunOptions,
  voxelCount,
} from '@voxhost/sdk';
import { wholeBox } from './bricks/index-box.js';
import { type LatticeSurvey, surveyLattice, valuesWithin } from './bricks/lattice-survey.js';
import { planBricks } from './bricks/plan-bricks.js';
import { splineMargin } from './bricks/spline-margin.js';
import { type Asked, type Brick, weighBrick } from './bricks/weigh-brick.js';
import { bytesPerSample, coefficientsOf, isWide, sampleAxes } from './coefficients.js';
import { brickBytes, type MemoryLimits } from './limits.js';
import { samplingRules } from './sampling-rules.js';

export interface SourceDemand {
  readonly map: IndexMap;
  readonly run: RunOptions;
  readonly asked: Pick<Asked, 'size' | 'start' | 'bytesPerVoxel'>;
  readonly limits: MemoryLimits;
}

/** Bricks of an output whose source stays with the caller. */
export async function planSource(
  operation: Resample,
  { map, run, asked, limits }: SourceDemand,
): Promise<readonly Brick[]> {
  const steps = mapMembers(map);
  const surveys = new Map<Lattice, LatticeSurvey>();
  const breathe = createBreather(run.signal ? { signal: run.signal } : {});
  for (const step of steps) {
    if (step.kind === 'affine' || surveys.has(step.lattice)) continue;
    surveys.set(step.lattice, await surveyLattice(step.lattice, breathe));
  }
  const { interpolator, boundary, source } = operation;
  const order = coefficientsOf(operation)?.order;
  const sampling = {
    axes: sampleAxes(operation),
    rules: samplingRules(interpolator, boundary),
    filterMargin: order === undefined ? undefined : splineMargin(order, isWide(operation)),
    bytesPerSample: bytesPerSample(operation),
  };
  const question: Asked = {
    ...asked,
    steps,
    dims: source.grid.size.length,
    isKept: ({ data }) => data.byteLength <= limits.brick.keptLattice,
    valuesOf: (lattice, box) => {
      const survey = surveys.get(lattice);
      return survey ? valuesWithin(survey, box) : { components: [], areFinite: false };
    },
  };
  const whole = { size: asked.size, start: asked.size.map(() => 0) };
  const bytes = source.data.byteLength + voxelCount(asked.size) * asked.bytesPerVoxel;
  const most = brickBytes(limits, bytes);
  return planBricks(whole, (block) => weighBrick(sampling, question, block), most);
}

/** Everything, for points, which may lie anywhere. */
export function wholeSource(operation: Resample, map: IndexMap, block: Block): Brick {
  const box = wholeBox(sampleAxes(operation).map(({ count }) => count));
  const lattices = mapMembers(map).map(() => undefined);
  return { block, box, isPlain: true, lattices, bytes: 0, work: 0 };
}
