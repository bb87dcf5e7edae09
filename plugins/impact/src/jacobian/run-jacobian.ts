import {
  type ContinuousMap,
  type IndexMap,
  type Json,
  type Measured,
  type MetricRun,
  voxelCount,
} from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { chooseChannels, isPerSample, requireScales, total } from '../combine.js';
import { parseRunOptions } from '../options/parse-options.js';
import { withPoints } from '../sampling/draw-points.js';
import { fixedPoints } from '../sampling/fixed-points.js';
import { createRandom } from '../sampling/random.js';
import type { Course, Jacobian } from './course.js';
import { samplesPerGroup } from './group-size.js';
import { measureGroup } from './measure-group.js';
import { samplePatches } from './patches.js';

export async function runJacobian(
  jacobian: Jacobian,
  map: IndexMap,
  asked: MetricRun,
): Promise<Measured> {
  const around = mapAround(map, jacobian, asked);
  const { operation, layers, voxelsPerSample } = jacobian;
  const options = parseRunOptions(asked.options);
  requireScales(layers, options);
  const random = createRandom(options.seed);
  const channels = chooseChannels(layers, options, random);
  const { samples } = jacobian.options;
  const run = withPoints(operation, { samples, map }, asked, random);
  const { points, numbers, count } = fixedPoints(operation, run);
  const dims = operation.fixed.grid.size.length;
  const perGroup = samplesPerGroup(voxelsPerSample);
  const groups = Math.ceil(count / perGroup);
  requireOneGroup(jacobian, groups, perGroup);
  const course: Course = {
    jacobian,
    map,
    around,
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
    const request = { eyes, samplers, spacing, random, run };
    const patches = await samplePatches(request, around, centres);
    const first = g * perGroup;
    const numberOf = (sample: number) => numbers?.[first + sample] ?? first + sample;
    const progress = (share: number) => run.progress?.((g + share) / groups);
    await measureGroup(course, { patches, centres, numberOf, progress });
    progress(1);
  }
  return answer(course);
}

/** The map around the samples. A list of positions knows it or not. */
function mapAround(
  map: IndexMap,
  { options, operation: { fixed } }: Jacobian,
  { points }: MetricRun,
): ContinuousMap {
  if (map.kind !== 'points') return map;
  const { size } = fixed.grid;
  const wanted = points?.length ?? voxelCount(size) * size.length;
  if (map.positions.length !== wanted) {
    throw badArgument('map', `has ${map.positions.length} positions where ${wanted} are needed`);
  }
  if (map.of === undefined) {
    const reason =
      'is a list of positions without the map that they come from, and mode "jacobian" follows it around each of them; use mode "static", or run a transform';
    throw badArgument('map', reason);
  }
  if (!options.exactPatchJacobian) return map.of;
  const reason =
    'is by positions, of which each sample has one: a composite is differentiated at the centres of patches';
  throw badArgument('options.exactPatchJacobian', reason);
}

/** A statistic over all samples needs all of them at once. */
function requireOneGroup({ layers }: Jacobian, groups: number, perGroup: number): void {
  if (groups < 2 || layers.every(isPerSample)) return;
  const reason = `are more than the ${perGroup} samples that NCC can hold in mode "jacobian"; pass fewer points`;
  throw badArgument('points', reason);
}

const emptyDerivative = (map: IndexMap): Float64Array | undefined => {
  if (map.kind === 'affine') return new Float64Array(map.matrix.length);
  if (map.kind === 'points') return new Float64Array(map.positions.length);
  return map.kind === 'field' ? new Float64Array(map.lattice.data.length) : undefined;
};

function answer({ jacobian, sums, samples, derivative, options, channels }: Course): Measured {
  const { layers } = jacobian;
  const { value, details } = total(layers, sums, samples, options);
  const facts: Json = { ...details, seed: options.seed, subset: channels };
  const mean = derivative?.map((sum) => (samples === 0 ? 0 : sum / samples));
  return { value, samples, ...(mean && { derivative: mean }), details: facts };
}
