import type { CapabilityBlock } from './capabilities.js';
import type { IndexMap } from './index-map.js';
import type { Operation } from './operation.js';
import type { Runs } from './run.js';

/**
 * An operation made ready: images are resident, B-spline coefficients computed.
 *
 * Runs of one Prepared are answered in call order; different Prepareds may overlap. Inputs are never
 * written. A run depends only on operation, map and arguments: same seed, same answer. Disposing waits
 * for the run in progress and rejects queued ones with `DISPOSED`; disposing again does nothing.
 */
export interface Prepared<K extends Operation['kind']> extends AsyncDisposable {
  /**
   * Evaluates the map at absolute output indices in float64, or within the index error the backend states.
   * Rejects with `BAD_ARGUMENT` for a map, points or buffer that do not fit, before anything is computed.
   */
  run(map: IndexMap, run: Runs[K][0]): Promise<Runs[K][1]>;
}

/** Could `prepare` succeed? With the bytes it will need, or the first axis that fails and why. */
export type Support =
  | { readonly ok: true; readonly memory: { readonly prepare: number; readonly run: number } }
  | { readonly ok: false; readonly axis: string; readonly reason: string };

/** One device or one instruction set. */
export interface Backend extends AsyncDisposable {
  readonly name: string;
  /** The capability blocks of the manifest, echoed: see `CapabilityBlock`. */
  readonly capabilities: readonly CapabilityBlock[];
  /** Cheap, synchronous, without side effects; may narrow what the manifest claims, never widen it. */
  supports(operation: Operation): Support;
  /** Copies and compiles what runs will need; rejects with the signal's reason when aborted. */
  prepare<O extends Operation>(operation: O, signal?: AbortSignal): Promise<Prepared<O['kind']>>;
}
