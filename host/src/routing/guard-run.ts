import {
  allocatePixels,
  type MetricRun,
  type Operation,
  type ResampleRun,
  type Runs,
} from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { poison, unwritten } from '../loading/process/guarded-output.js';
import { outputLength } from '../loading/process/output-length.js';

/** A run as a backend gets it, and a look at what it left unwritten. */
export interface GuardedRun<K extends Operation['kind']> {
  readonly run: Runs[K][0];
  /** Throws `PLUGIN_FAILED` where a part of the output still has the pattern that stood there before. */
  check(plugin: string): void;
}

/**
 * Gives a resample a buffer with a pattern in it: the caller's, whose content is undefined anyhow until the run
 * succeeds, or a new one. A buffer that does not fit is left to the backend to refuse.
 */
export function guardRun<O extends Operation>(
  operation: O,
  run: Runs[O['kind']][0],
): GuardedRun<O['kind']> {
  if (operation.kind !== 'resample') return { run, check: () => undefined };
  const asked = run as ResampleRun | MetricRun;
  if (!('samples' in asked)) return { run, check: () => undefined };
  const length = outputLength(operation, asked);
  const into = asked.into ?? allocatePixels(operation.pixelType, length);
  const isFit = into.length === length && into.buffer !== operation.source.data.buffer;
  if (!isFit) return { run, check: () => undefined };
  poison(into);
  return {
    run: { ...asked, into } as Runs[O['kind']][0],
    check: (plugin) => {
      const reason = unwritten(into);
      if (reason === undefined) return;
      throw new HostError('PLUGIN_FAILED', { plugin, verdict: 'contract-violation', reason });
    },
  };
}
