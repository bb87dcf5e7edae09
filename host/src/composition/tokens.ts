import type { InjectionToken } from 'tsyringe';
import type { Lending } from '../loading/lending.js';
import type { WatchedCatalogue } from '../loading/quarantine/plugin-health.js';
import type { HostLog } from '../log.js';
import type { BackendPool } from '../routing/backend-pool.js';
import type { Calibrations } from '../routing/calibration/calibrations.js';
import type { CandidateSource } from '../routing/candidate-source.js';
import type { MeasuredRuns } from '../routing/measured/measured-runs.js';
import type { Router } from '../routing/router.js';

/** One token for each interface that is injected. */
export const LogToken: InjectionToken<HostLog> = Symbol('HostLog');
export const LendingToken: InjectionToken<Lending> = Symbol('Lending');
/** Folder of what the host remembers. */
export const StateFolderToken: InjectionToken<string> = Symbol('StateFolder');
export const CalibrationsToken: InjectionToken<Calibrations> = Symbol('Calibrations');
export const MeasuredRunsToken: InjectionToken<MeasuredRuns> = Symbol('MeasuredRuns');
export const CatalogueToken: InjectionToken<WatchedCatalogue> = Symbol('WatchedCatalogue');
export const BackendPoolToken: InjectionToken<BackendPool> = Symbol('BackendPool');
export const CandidatesToken: InjectionToken<CandidateSource> = Symbol('CandidateSource');
export const RouterToken: InjectionToken<Router> = Symbol('Router');
/** The router, looked up late: plugins call it back, and it needs the pool that activates them. */
export const RouterLookupToken: InjectionToken<() => Router> = Symbol('RouterLookup');
