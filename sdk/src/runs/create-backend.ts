import type { Backend, Prepared, Support } from '../backend.js';
import type { CapabilityBlock } from '../capabilities.js';
import { matchCapabilities } from '../capability-match.js';
import { VoxhostError } from '../errors.js';
import type { Metric, Operation, Resample } from '../operation.js';
import { createRunQueue } from './run-queue.js';

/** What one prepared operation has that others have not. */
export interface PreparedParts<K extends Operation['kind']> {
  /** Called when the runs before it are answered. */
  readonly run: Prepared<K>['run'];
  /** Ends what all runs share. Called once, after the last of them. Default: nothing is shared. */
  readonly dispose?: () => Promise<void> | void;
}

/** Makes an operation ready. */
export type Prepare<O extends Operation> = (
  operation: O,
  signal: AbortSignal | undefined,
) => Promise<PreparedParts<O['kind']>>;

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
 * everything after its end with `DISPOSED`; it answers the runs of one Prepared in call order, one at a time; its end is
 * that of all it has prepared; disposing again does nothing.
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
      const prepared = preparedOf(
        await partsOf(parts, operation, signal),
        `a ${operation.kind} of ${what}`,
        open,
      );
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

async function partsOf<O extends Operation>(
  { name, resample, metric }: BackendParts,
  operation: O,
  signal: AbortSignal | undefined,
): Promise<PreparedParts<O['kind']>> {
  const parts =
    operation.kind === 'resample'
      ? await resample?.(operation, signal)
      : await metric?.(operation, signal);
  if (parts !== undefined) return parts as PreparedParts<O['kind']>;
  const reason = `has no ${operation.kind}`;
  throw new VoxhostError('UNSUPPORTED', { backend: name, axis: 'op', reason });
}

/** Queues the runs; among the open ones until it is disposed, which happens once. */
function preparedOf<K extends Operation['kind']>(
  { run, dispose }: PreparedParts<K>,
  what: string,
  open: Set<AsyncDisposable>,
): Prepared<K> {
  const queue = createRunQueue(what);
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await queue.close();
    await dispose?.();
  };
  const prepared: Prepared<K> = {
    run: (map, asked) => queue.enqueue(() => run(map, asked)),
    [Symbol.asyncDispose]() {
      open.delete(prepared);
      ended ??= end();
      return ended;
    },
  };
  open.add(prepared);
  return prepared;
}
