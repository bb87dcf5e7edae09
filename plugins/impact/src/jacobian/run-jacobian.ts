import type { IndexMap, Json, Measured, Metric, MetricRun } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { chooseChannels, isPerSample, type Layer, requireScales, total } from '../combine.js';
import type { ImpactOptions, ImpactRunOptions } from '../options/options.js';
import { parseRunOptions } from '../options/parse-options.js';
import { fixedPoints } from '../sampling/fixed-points.js';
import { createRandom } from '../sampling/random.js';
import type { Eye } from './eye.js';
import { CHUNK, measureGroup } from './measure-group.js';
import { samplePatches } from './patches.js';
import type { Samplers } from './samplers.js';

/** All that Jacobian mode keeps between runs. */
export interface Jacobian {
  readonly operation: Metric;
  readonly options: ImpactOptions;
  readonly eyes: readonly Eye[];
  readonly layers: readonly Layer[];
  readonly samplers: Samplers;
  readonly voxelsPerSample: number;
}

/** Patch voxels sampled at once; more samples are taken in groups. */
const GROUP_VOXELS = 2 ** 21;

/** One run in progress. */
export interface Course {
  readonly jacobian: Jacobian;
  readonly map: IndexMap;
  readonly run: MetricRun;
  readonly options: ImpactRunOptions;
  readonly channels: readonly (readonly number[])[];
  readonly sums: number[];
  samples: number;
  /** Σ over samples so far, by the map's free parameters. */
  readonly derivative: Float64Array | undefined;
}

export async function runJacobian(
  jacobian: Jacobian,
  map: IndexMap,
  run: MetricRun,
): Promise<Measured> {
  if (map.kind === 'points') {
    const reason =
      'is a list of points, and mode "jacobian" follows the map around each point; use mode "static", or a transform that folds into one matrix or field';
    throw badArgument('map', reason);
  }
  const { operation, layers, voxelsPerSample } = jacobian;
  const options = parseRunOptions(run.options);
  requireScales(layers, options);
  const random = createRandom(options.seed);
  const channels = chooseChannels(layers, options, random);
  const points = fixedPoints(operation, run);
  const dims = operation.fixed.grid.size.length;
  const perGroup = Math.max(CHUNK, Math.floor(GROUP_VOXELS / voxelsPerSample));
  const groups = Math.ceil(points.length / dims / perGroup);
  requireOneGroup(jacobian, groups, perGroup);
  const course: Course = {
    jacobian,
    map,
    run,
    options,
    channels,
    sums: layers.map(() => 0),
    samples: 0,
    derivative: run.derivative ? emptyDerivative(map) : undefined,
  };
  for (let g = 0; g < groups; g++) {
    run.signal?.throwIfAborted();
    const centres = points.slice(g * perGroup * dims, (g + 1) * perGroup * dims);
    const { eyes, samplers } = jacobian;
    const { spacing } = operation.fixed.grid;
    const patches = await samplePatches({ eyes, samplers, spacing, random, run }, map, centres);
    await measureGroup(course, patches, centres);
    run.progress?.((g + 1) / groups);
  }
  return answer(course);
}

/** A statistic over all samples needs all of them at once. */
function requireOneGroup({ layers }: Jacobian, groups: number, perGroup: number): void {
  if (groups < 2 || layers.every(isPerSample)) return;
  const reason = `are more than the ${perGroup} samples that NCC can hold in mode "jacobian"; pass fewer points`;
  throw badArgument('points', reason);
}

const emptyDerivative = (map: IndexMap): Float64Array | undefined => {
  if (map.kind === 'affine') return new Float64Array(map.matrix.length);
  return map.kind === 'field' ? new Float64Array(map.lattice.data.length) : undefined;
};

function answer({ jacobian, sums, samples, derivative, options, channels }: Course): Measured {
  const { layers } = jacobian;
  const { value, details } = total(layers, sums, samples, options);
  const facts: Json = { ...details, seed: options.seed, subset: channels };
  const mean = derivative?.map((sum) => (samples === 0 ? 0 : sum / samples));
  return { value, samples, ...(mean && { derivative: mean }), details: facts };
}
