import type {
  Axis,
  CapabilityBlock,
  MetricCapability,
  ResampleCapability,
} from './capabilities.js';
import { voxelCount } from './grid.js';
import type { Metric, Operation, Resample } from './operation.js';

/** The first axis of a capability block that an operation does not fit, and why. */
export interface Mismatch {
  readonly axis: string;
  readonly reason: string;
}

/** The match of an operation against all blocks: the first block that fits, or the mismatch that came furthest. */
export type CapabilityMatch =
  | { readonly ok: true; readonly block: CapabilityBlock }
  | { readonly ok: false; readonly mismatch: Mismatch };

type Check = () => Mismatch | undefined;

/**
 * Judges an operation and its demand against declared capabilities. Pure; an axis that is missing is not supported.
 * The demanded maps may be spread over several blocks; the block that has the first of them is answered.
 */
export function matchCapabilities(
  blocks: readonly CapabilityBlock[],
  operation: Operation,
): CapabilityMatch {
  const maps = operation.demand.maps;
  if (maps.length <= 1) return matchOne(blocks, operation);
  const matches = maps.map((map) => matchOne(blocks, withMaps(operation, [map])));
  return matches.find((match) => !match.ok) ?? matches[0];
}

const withMaps = (operation: Operation, maps: Operation['demand']['maps']): Operation => ({
  ...operation,
  demand: { ...operation.demand, maps },
});

function matchOne(blocks: readonly CapabilityBlock[], operation: Operation): CapabilityMatch {
  let nearest: Mismatch = { axis: 'op', reason: `no block for ${describe(operation)}` };
  let reached = -1;
  for (const block of blocks) {
    const failed = firstFailure(checksOf(block, operation));
    if (failed === undefined) return { ok: true, block };
    if (failed.depth > reached) {
      nearest = failed.mismatch;
      reached = failed.depth;
    }
  }
  return { ok: false, mismatch: nearest };
}

const describe = (operation: Operation): string =>
  operation.kind === 'resample' ? 'resample' : `metric "${operation.name}"`;

function firstFailure(checks: readonly Check[]): { mismatch: Mismatch; depth: number } | undefined {
  for (const [depth, check] of checks.entries()) {
    const mismatch = check();
    if (mismatch !== undefined) return { mismatch, depth };
  }
  return undefined;
}

function checksOf(block: CapabilityBlock, operation: Operation): readonly Check[] {
  if (block.op === 'resample' && operation.kind === 'resample')
    return resampleChecks(block, operation);
  if (block.op === 'metric' && operation.kind === 'metric') return metricChecks(block, operation);
  return [() => ({ axis: 'op', reason: `no block for ${describe(operation)}` })];
}

function resampleChecks(block: ResampleCapability, operation: Resample): readonly Check[] {
  const { source, demand } = operation;
  const output =
    operation.pixelType === source.pixelType
      ? ['same', operation.pixelType]
      : [operation.pixelType];
  return [
    () => member('dims', block.dims, source.grid.size.length),
    () => member('interpolator', block.interpolators, operation.interpolator),
    () => member('boundary', block.boundaries, operation.boundary.kind),
    () => member('pixelType', block.pixelTypes, source.pixelType),
    () =>
      output.some((type) => contains(block.output, type))
        ? undefined
        : absent('output', block.output, operation.pixelType),
    () =>
      operation.gradient && !block.gradient
        ? { axis: 'gradient', reason: 'gives no gradient' }
        : undefined,
    () => firstAbsent('map', block.maps, demand.maps),
    () => member('samples', block.samples, demand.samples),
    () => withinVoxels(block, voxelCount(source.grid.size)),
  ];
}

function metricChecks(block: MetricCapability, operation: Metric): readonly Check[] {
  const { fixed, moving, demand } = operation;
  return [
    () =>
      block.name === operation.name
        ? undefined
        : { axis: 'name', reason: `has "${block.name}", not "${operation.name}"` },
    () => member('dims', block.dims, fixed.grid.size.length),
    () => firstAbsent('pixelType', block.pixelTypes, [fixed.pixelType, moving.pixelType]),
    () =>
      operation.derivative && !block.derivative
        ? { axis: 'derivative', reason: 'gives no derivative' }
        : undefined,
    () => firstAbsent('map', block.maps, demand.maps),
    () => member('samples', block.samples, demand.samples),
    () => withinVoxels(block, Math.max(voxelCount(fixed.grid.size), voxelCount(moving.grid.size))),
  ];
}

const contains = <T>(axis: Axis<T> | undefined, value: unknown): boolean =>
  axis === '*' || (axis !== undefined && (axis as readonly unknown[]).includes(value));

const absent = (axis: string, has: Axis<unknown> | undefined, wanted: unknown): Mismatch => ({
  axis,
  reason: `has ${has === undefined ? 'none' : String(has)}, not ${String(wanted)}`,
});

const member = <T>(axis: string, has: Axis<T> | undefined, wanted: T): Mismatch | undefined =>
  contains(has, wanted) ? undefined : absent(axis, has, wanted);

function firstAbsent<T>(
  axis: string,
  has: Axis<T> | undefined,
  wanted: readonly T[],
): Mismatch | undefined {
  const missing = wanted.find((value) => !contains(has, value));
  return missing === undefined ? undefined : absent(axis, has, missing);
}

function withinVoxels(block: CapabilityBlock, voxels: number): Mismatch | undefined {
  if (block.maxVoxels === undefined || voxels <= block.maxVoxels) return undefined;
  return { axis: 'maxVoxels', reason: `takes ${block.maxVoxels} voxels, not ${voxels}` };
}
