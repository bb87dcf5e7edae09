import type { Backend, Prepared, Support } from '../backend.js';
import type { CapabilityBlock } from '../capabilities.js';
import { matchCapabilities } from '../capability-match.js';
import { VoxhostError } from '../errors.js';
import type { Metric, Operation, Resample } from '../operation.js';
import { createRunQueue, type RunQueue } from './run-queue.js';

/**
 * Makes an operation ready. Runs go through the queue, whose `close` comes first when the Prepared is disposed, which
 * happens once.
 */
export type Prepare<O extends Operation> = (
  operation: O,
  queue: RunQueue,
  signal: AbortSignal | undefined,
) => Promise<Prepared<O['kind']>>;

/** What one backend has that others have not. */
export interface BackendParts {
  readonly name: string;
  /** The manifest's, word for word. */
  readonly capabilities: readonly CapabilityBlock[];
  /** Of operations that the capabilities cover: the memory they need, or what they are still refused for. */
  readonly supports: (operation: Operation) => Support;
  /** Absent where no capability is a resample. */
  readonly resample?: Prepare<Resample>;
  /** Absent where no capability is a metric. */
  readonly metric?: Prepare<Metric>;
  /** Ends what all operations share. Called once, after every Prepared was disposed. Default: nothing is shared. */
  readonly dispose?: () => Promise<void>;
}

/**
 * A backend with the duties that all have: it refuses what its capabilities do not cover with `UNSUPPORTED`, and
 * everything after its end with `DISPOSED`; its end is that of all it has prepared; disposing again does nothing.
 */
export function createBackend(parts: BackendParts): Backend {
  const { name, capabilities } = parts;
  const open = new Set<AsyncDisposable>();
  const what = `backend "${name}"`;
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await Promise.all([...open].map((prepared) => prepared[Symbol.asyncDispose]()));
    await parts.dispose?.();
  };
  const supports = (operation: Operation): Support => {
    const match = matchCapabilities(capabilities, operation);
    return match.ok ? parts.supports(operation) : { ok: false, ...match.mismatch };
  };
  return {
    name,
    capabilities,
    supports,
    async prepare<O extends Operation>(operation: O, signal?: AbortSignal) {
      if (ended !== undefined) throw new VoxhostError('DISPOSED', { what });
      signal?.throwIfAborted();
      const support = supports(operation);
      if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: name, ...support });
      const prepared = tracked(await prepareWith(parts, operation, signal), open);
      if (ended === undefined) return prepared;
      await prepared[Symbol.asyncDispose]();
      throw new VoxhostError('DISPOSED', { what });
    },
    [Symbol.asyncDispose]() {
      ended ??= end();
      return ended;
    },
  };
}

async function prepareWith<O extends Operation>(
  { name, resample, metric }: BackendParts,
  operation: O,
  signal: AbortSignal | undefined,
): Promise<Prepared<O['kind']>> {
  const queue = createRunQueue(`a ${operation.kind} of backend "${name}"`);
  const prepared =
    operation.kind === 'resample'
      ? await resample?.(operation, queue, signal)
      : await metric?.(operation, queue, signal);
  if (prepared !== undefined) return prepared as Prepared<O['kind']>;
  const reason = `has no ${operation.kind}`;
  throw new VoxhostError('UNSUPPORTED', { backend: name, axis: 'op', reason });
}

/** The same, among the open ones until it is disposed, which happens once. */
function tracked<K extends Operation['kind']>(
  prepared: Prepared<K>,
  open: Set<AsyncDisposable>,
): Prepared<K> {
  let ended: Promise<void> | undefined;
  const once: Prepared<K> = {
    run: (map, run) => prepared.run(map, run),
    [Symbol.asyncDispose]() {
      open.delete(once);
      ended ??= Promise.resolve(prepared[Symbol.asyncDispose]());
      return ended;
    },
  };
  open.add(once);
  return once;
}
