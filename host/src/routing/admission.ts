import { type Backend, type Operation, VoxhostError } from '@voxhost/sdk';

/** An operation as the machine has memory for it. */
export interface Admitted<O extends Operation> {
  /** With a demand of smaller runs where it was split. */
  readonly operation: O;
  /** Samples that one run may have, where the runs have to be split. */
  readonly mostSamples?: number;
}

/** A run is split into at most about so many blocks: with more, what a run costs by itself would prevail. */
const MOST_BLOCKS = 1024;

/**
 * Refuses, before anything is allocated, what a backend says it needs and this machine has not left. A resample
 * whose source fits is split into smaller runs instead: a block is bit-equal to its part of the whole. What a device has
 * left, its backend says by `supports`, and refuses by the axis `memory`.
 *
 * Throws `UNSUPPORTED` with the first axis that the backend refuses, or `OUT_OF_MEMORY`.
 */
export function admit<O extends Operation>(
  backend: Backend,
  operation: O,
  availableBytes: number,
): Admitted<O> {
  const refusal = refusalOf(backend, operation, availableBytes);
  if (refusal === undefined) return { operation };
  return (isAboutMemory(refusal) && split(backend, operation, availableBytes)) || fail(refusal);
}

function fail(error: VoxhostError): never {
  throw error;
}

function refusalOf(
  backend: Backend,
  operation: Operation,
  availableBytes: number,
): VoxhostError | undefined {
  const { name } = backend;
  const support = backend.supports(operation);
  if (!support.ok) {
    const { axis, reason } = support;
    return new VoxhostError('UNSUPPORTED', { backend: name, axis, reason });
  }
  const bytes = support.memory.prepare + support.memory.run;
  return bytes > availableBytes
    ? new VoxhostError('OUT_OF_MEMORY', { backend: name, bytes })
    : undefined;
}

const isAboutMemory = ({ code, fields }: VoxhostError): boolean =>
  code === 'OUT_OF_MEMORY' || (fields as { axis?: unknown }).axis === 'memory';

function split<O extends Operation>(
  backend: Backend,
  operation: O,
  availableBytes: number,
): Admitted<O> | undefined {
  if (operation.kind !== 'resample') return undefined;
  const { demand } = operation;
  for (let blocks = 2; blocks <= Math.min(MOST_BLOCKS, demand.perRun); blocks *= 2) {
    const perRun = Math.ceil(demand.perRun / blocks);
    const smaller = { ...operation, demand: { ...demand, perRun, runs: demand.runs * blocks } };
    if (refusalOf(backend, smaller, availableBytes) === undefined)
      return { operation: smaller, mostSamples: perRun };
  }
  return undefined;
}
