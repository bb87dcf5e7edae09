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

/** What of a block an operation does not fit; every operation is matched several times a call, so that it allocates nothing. */
type Check<B, O> = (block: B, operation: O) => Mismatch | undefined;

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
  let nearest: Failure | undefined;
  for (const block of blocks) {
    const failed = firstFailure(block, operation);
    if (failed === undefined) return { ok: true, block };
    if (nearest === undefined || failed.depth > nearest.depth) nearest = failed;
  }
  return { ok: false, mismatch: (nearest ?? noBlock(operation)).mismatch };
}

const describe = (operation: Operation): string =>
  operation.kind === 'resample' ? 'resample' : `metric "${operation.name}"`;

interface Failure {
  readonly mismatch: Mismatch;
  /** Checks that were passed. */
  readonly depth: number;
}

function firstFailure(block: CapabilityBlock, operation: Operation): Failure | undefined {
  if (block.op === 'resample' && operation.kind === 'resample')
    return firstOf(RESAMPLE_CHECKS, block, operation);
  if (block.op === 'metric' && operation.kind === 'metric')
    return firstOf(METRIC_CHECKS, block, operation);
  return noBlock(operation);
}

const noBlock = (operation: Operation): Failure => ({
  mismatch: { axis: 'op', reason: `no block for ${describe(operation)}` },
  depth: 0,
});

function firstOf<B, O>(
  checks: readonly Check<B, O>[],
  block: B,
  operation: O,
): Failure | undefined {
  for (let depth = 0; depth < checks.length; depth++) {
    const mismatch = checks[depth](block, operation);
    if (mismatch !== undefined) return { mismatch, depth };
  }
  return undefined;
}

const RESAMPLE_CHECKS: readonly Check<ResampleCapability, Resample>[] = [
  (block, { source }) => member('dims', block.dims, source.grid.size.length),
  (block, { interpolator }) => member('interpolator', block.interpolators, interpolator),
  (block, { boundary }) => member('boundary', block.boundaries, boundary.kind),
  (block, { source }) => member('pixelType', block.pixelTypes, source.pixelType),
  (block, { source, pixelType }) =>
    pixelType === source.pixelType && contains(block.output, 'same')
      ? undefined
      : member('output', block.output, pixelType),
  (block, { gradient }) =>
    gradient && !block.gradient ? { axis: 'gradient', reason: 'gives no gradient' } : undefined,
  (block, { demand }) => firstAbsent('map', block.maps, demand.maps),
  (block, { demand }) => member('samples', block.samples, demand.samples),
  (block, { source }) => withinVoxels(block, voxelCount(source.grid.size)),
];

const METRIC_CHECKS: readonly Check<MetricCapability, Metric>[] = [
  (block, { name }) =>
    block.name === name
      ? undefined
      : { axis: 'name', reason: `has "${block.name}", not "${name}"` },
  (block, { fixed }) => member('dims', block.dims, fixed.grid.size.length),
  (block, { fixed, moving }) =>
    member('pixelType', block.pixelTypes, fixed.pixelType) ??
    member('pixelType', block.pixelTypes, moving.pixelType),
  (block, { derivative }) =>
    derivative && !block.derivative
      ? { axis: 'derivative', reason: 'gives no derivative' }
      : undefined,
  (block, { demand }) => firstAbsent('map', block.maps, demand.maps),
  (block, { demand }) => member('samples', block.samples, demand.samples),
  (block, { fixed, moving }) =>
    withinVoxels(block, Math.max(voxelCount(fixed.grid.size), voxelCount(moving.grid.size))),
];

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
  for (const value of wanted) if (!contains(has, value)) return absent(axis, has, value);
  return undefined;
}

function withinVoxels(block: CapabilityBlock, voxels: number): Mismatch | undefined {
  if (block.maxVoxels === undefined || voxels <= block.maxVoxels) return undefined;
  return { axis: 'maxVoxels', reason: `takes ${block.maxVoxels} voxels, not ${voxels}` };
}
