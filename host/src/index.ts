/**
 * The voxhost host.
 *
 * @module
 */

export { createHost } from './composition/create-host.js';
export type { Catalogue, CatalogueEntry, Layer } from './discovery/catalogue.js';
export type { HostErrorCode, HostErrorFields } from './errors.js';
export { EXIT_CODES, HOST_ERROR_CODES, HostError, isHostError } from './errors.js';
export type { Host, HostOptions } from './host.js';
export type { Sampled } from './lazy/execute-sampling.js';
export type { ResampleRequest } from './lazy/resample-request.js';
export type { BackendLimits } from './loading/process/process-backend.js';
export type { HostLog } from './log.js';
export type { MetricRequest } from './metric/metric-request.js';
export type { MetricRunRequest, PreparedMetric } from './metric/prepared-metric.js';
export type { CalibrateRequest, CalibrationReport } from './routing/calibration/calibrate-host.js';
export type { Considered, Explanation } from './routing/explanation.js';
export type {
  Attempt,
  Provenance,
  Routed,
  RoutedPrepared,
  Router,
  RouteSettings,
} from './routing/router.js';
export type { Evidence, Fix, Note, Stage, Verdict, VerdictWord } from './verdict.js';
export { isUsable, STAGES } from './verdict.js';
