import type { Image, Operation } from '@voxhost/sdk';
import type { Catalogue } from './discovery/catalogue.js';
import type { Sampled } from './lazy/execute-sampling.js';
import type { ResampleRequest } from './lazy/resample-request.js';
import type { BackendLimits } from './loading/process/process-backend.js';
import type { HostLog } from './log.js';
import type { MetricRequest } from './metric/metric-request.js';
import type { PreparedMetric } from './metric/prepared-metric.js';
import type { CalibrateRequest, CalibrationReport } from './routing/calibration/calibrate-host.js';
import type { Explanation } from './routing/explanation.js';
import type { RoutedPrepared, Router, RouteSettings } from './routing/router.js';

/** How a host is made. Everything has a default; nothing is read from the current directory. */
export interface HostOptions {
  /** Folders with manifests, or manifests, before all other layers (layer 1). */
  readonly pluginPaths?: readonly string[];
  /** `only`: `pluginPaths` and what is built in, nothing else. Default `add`. */
  readonly pluginMode?: 'only' | 'add';
  /** Only plugins whose id matches: `id`, `id*`, `*id`, `*id*`, several separated by commas. */
  readonly pluginSelect?: string | readonly string[];
  /** No plugin whose id matches, but for what is selected. */
  readonly pluginDisable?: string | readonly string[];
  /** Lock file: its pins go before other versions, and its folder is searched (layer 3). */
  readonly lockFile?: string;
  /** Folder whose package.json names npm plugins (layer 5); default the one nearest above the host package. */
  readonly projectDir?: string;
  /** For every call that does not say: names or ids; one is required, several are an order. */
  readonly backends?: readonly string[];
  /** For every call that does not say; default `never` where backends are named, else `allow`. */
  readonly fallback?: 'allow' | 'never';
  /** For every call that does not say: only backends that declare that the same call gives the same bits. Default false. */
  readonly deterministic?: boolean;
  /** Threads that backends may use; default what this process may use of the machine. */
  readonly threads?: number;
  /** Limits of plugins that run in processes of their own, in milliseconds and bytes; each has a default. */
  readonly limits?: Partial<BackendLimits>;
  /** `off`: failures are told but not held against a plugin, for who develops one. Default `on`. */
  readonly quarantine?: 'on' | 'off';
  /** Default: warnings and errors to stderr. */
  readonly log?: HostLog;
}

/**
 * Finds backends, chooses one for each operation, loads it at its first use, and ends it on `close`.
 * Hosts are independent of each other: two in one process share nothing.
 */
export interface Host extends Router, AsyncDisposable {
  /**
   * The image on another grid, under transforms, or both: copied where every sample is a voxel, else one run.
   * Rejects with `BAD_ARGUMENT` for a request that does not fit the image.
   */
  resample(source: Image, request?: ResampleRequest): Promise<Sampled>;
  /** Two images made ready to be compared under many transforms: dispose it when done. */
  metric(request: MetricRequest): Promise<PreparedMetric>;
  /**
   * Measures the usable backends on this machine and stores their costs, which routing uses from then on.
   * Takes seconds to a minute; the machine should be at rest. Rejects with `CANNOT_WRITE`.
   */
  calibrate(request?: CalibrateRequest): Promise<CalibrationReport>;
  /** Everything that was found, usable or not, in order of precedence. Loads no plugin. */
  plugins(): Promise<Catalogue>;
  prepare<O extends Operation>(
    operation: O,
    settings?: RouteSettings,
  ): Promise<RoutedPrepared<O['kind']>>;
  explain(operation: Operation, settings?: RouteSettings): Promise<Explanation>;
  /** Ends children and workers; calls after it reject with `HOST_CLOSED`. Closing again does nothing. */
  close(): Promise<void>;
}
