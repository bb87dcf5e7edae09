import type { CatalogueReader } from '../discovery/catalogue.js';
import { container, type DependencyContainer, instanceCachingFactory } from '../injection.js';
import { ActivatingPool } from '../loading/activating-pool.js';
import { BackendPoolToken } from '../loading/backend-pool.js';
import { type Lending, LendingToken } from '../loading/lending.js';
import { type PrepareElsewhere, PrepareElsewhereToken } from '../loading/prepare-elsewhere.js';
import { CatalogueToken, PluginHealth, watched } from '../loading/quarantine/plugin-health.js';
import { type HostLog, LogToken } from '../log.js';
import { Calibrations, CalibrationsToken } from '../routing/calibration/calibrations.js';
import { CandidatesToken } from '../routing/candidate-source.js';
import { CatalogueCandidates } from '../routing/catalogue-candidates.js';
import { MeasuredRuns, MeasuredRunsToken } from '../routing/measured/measured-runs.js';
import { PluginRouter } from '../routing/plugin-router.js';
import { RouterToken } from '../routing/router.js';
import { StateFolderToken } from '../routing/state-folder.js';

/** What differs from host to host. */
export interface HostParts {
  readonly catalogue: CatalogueReader;
  readonly log: HostLog;
  readonly lending: Lending;
  /** Folder of what the host remembers: calibration, quarantine, trust. */
  readonly stateFolder: string;
  readonly quarantine: 'on' | 'off';
}

/** A container of its own for each host: nothing is registered globally, so hosts live side by side. */
export function createHostContainer(parts: HostParts): DependencyContainer {
  const own = container.createChildContainer();
  const health = new PluginHealth(parts.stateFolder, parts.log, parts.quarantine === 'on');
  own.registerInstance(CatalogueToken, watched(parts.catalogue, health));
  own.registerInstance(LogToken, parts.log);
  own.registerInstance(LendingToken, parts.lending);
  own.registerInstance(StateFolderToken, parts.stateFolder);
  own.register(CalibrationsToken, {
    useFactory: instanceCachingFactory((c) => c.resolve(Calibrations)),
  });
  own.register(MeasuredRunsToken, {
    useFactory: instanceCachingFactory((c) => c.resolve(MeasuredRuns)),
  });
  own.register(BackendPoolToken, {
    useFactory: instanceCachingFactory((c) => c.resolve(ActivatingPool)),
  });
  own.register(CandidatesToken, {
    useFactory: instanceCachingFactory((c) => c.resolve(CatalogueCandidates)),
  });
  own.register(RouterToken, { useFactory: instanceCachingFactory((c) => c.resolve(PluginRouter)) });
  // the router is looked up late: it needs the pool, whose plugins ask it
  const prepareElsewhere: PrepareElsewhere = (asker, operation, signal) =>
    own
      .resolve(RouterToken)
      .prepare(operation, { exclude: [asker], asker, ...(signal && { signal }) });
  own.registerInstance(PrepareElsewhereToken, prepareElsewhere);
  return own;
}
