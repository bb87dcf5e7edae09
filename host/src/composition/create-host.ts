import type { Operation } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { Host, HostOptions } from '../host.js';
import { BackendPoolToken } from '../loading/backend-pool.js';
import { CatalogueToken } from '../loading/quarantine/plugin-health.js';
import type { HostLog } from '../log.js';
import { isShown, logLine, parseLogFilter } from '../log-filter.js';
import { MeasuredRunsToken } from '../routing/measured/measured-runs.js';
import { unknownRequired } from '../routing/required-name.js';
import { type Router, RouterToken, type RouteSettings } from '../routing/router.js';
import { catalogueOnce } from './catalogue-once.js';
import { createHostContainer } from './container.js';
import type { CatalogueSettings } from './read-catalogue.js';
import { readPlaces } from './read-places.js';
import { readThreads } from './read-threads.js';

/** What only the single executable and the command line set. */
export interface EmbeddedParts {
  readonly assets?: CatalogueSettings['assets'];
  readonly flags?: CatalogueSettings['flags'];
}

/**
 * Makes a host. Nothing is searched or loaded before a call needs it.
 *
 * @throws HostError `USAGE` for options that no host can have.
 */
export async function createHost(options: HostOptions & EmbeddedParts = {}): Promise<Host> {
  const threads = options.threads ?? readThreads();
  if (!Number.isInteger(threads) || threads < 1) {
    throw new HostError('USAGE', {
      reason: `threads is ${threads}, not a whole number of at least 1`,
    });
  }
  const found = catalogueSettings(options);
  const container = createHostContainer({
    lending: {
      threads,
      limits: options.limits ?? {},
      libraryFolders: async () => {
        const { readLibraryFolders } = await import('./read-catalogue.js');
        return readLibraryFolders(found);
      },
    },
    stateFolder: readPlaces().state,
    quarantine: options.quarantine ?? 'on',
    log: options.log ?? logToStderr(),
    catalogue: catalogueOnce(found),
  });
  return hostOver(container, options);
}

function catalogueSettings(options: HostOptions & EmbeddedParts): CatalogueSettings {
  const { pluginPaths = [], pluginMode, pluginSelect, pluginDisable } = options;
  const { assets, flags, projectDir, lockFile } = options;
  return {
    api: {
      ...(pluginMode === 'only' ? { only: pluginPaths } : { add: pluginPaths }),
      ...(pluginSelect !== undefined && { select: pluginSelect }),
      ...(pluginDisable !== undefined && { disable: pluginDisable }),
    },
    ...(flags && { flags }),
    ...(projectDir !== undefined && { project: projectDir }),
    ...(lockFile !== undefined && { lock: lockFile }),
    ...(assets && { assets }),
  };
}

function hostOver(container: ReturnType<typeof createHostContainer>, options: HostOptions): Host {
  const defaults = routeDefaults(options);
  let closed: Promise<void> | undefined;
  const requireOpen = () => {
    if (closed !== undefined) throw new HostError('HOST_CLOSED', { what: 'the host' });
  };
  let made: Router | undefined;
  const router = () => {
    requireOpen();
    made ??= container.resolve(RouterToken);
    return made;
  };
  const close = () => {
    closed ??= end(container);
    return closed;
  };
  const prepare = async <O extends Operation>(operation: O, settings?: RouteSettings) =>
    router().prepare(operation, { ...defaults, ...settings });
  const explain: Host['explain'] = async (operation, settings) =>
    router().explain(operation, { ...defaults, ...settings });
  const requireNamed = async (settings: RouteSettings): Promise<void> => {
    if (settings.backends === undefined) return;
    const unknown = unknownRequired(await container.resolve(CatalogueToken).read(), settings);
    if (unknown) throw unknown;
  };
  return {
    resample: async (source, request = {}) => {
      requireOpen();
      await requireNamed({ ...defaults, ...request });
      const { resampleImage } = await import('../lazy/resample-request.js');
      return resampleImage({ prepare, explain }, source, request);
    },
    metric: async (request) => {
      requireOpen();
      const { prepareMetric } = await import('../metric/prepared-metric.js');
      return prepareMetric({ prepare }, request);
    },
    calibrate: async (request = {}) => {
      requireOpen();
      const { HostCalibration } = await import('../routing/calibration/calibrate-host.js');
      return container.resolve(HostCalibration).run(request);
    },
    plugins: async () => container.resolve(CatalogueToken).read(),
    prepare,
    explain,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function end(container: ReturnType<typeof createHostContainer>): Promise<void> {
  await container.resolve(BackendPoolToken).close();
  await container.resolve(MeasuredRunsToken).store();
}

function routeDefaults({ backends, fallback, deterministic }: HostOptions): RouteSettings {
  return {
    ...(backends === undefined ? {} : { backends }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(deterministic === undefined ? {} : { deterministic }),
  };
}

/**
 * Warnings must reach somebody: a library that is silent about a slow fallback would be a silent substitute.
 * `VOXHOST_LOG` asks for more, or less.
 */
function logToStderr(): HostLog {
  const filter = parseLogFilter(process.env['VOXHOST_LOG']);
  return (level, source, text) => {
    if (isShown(filter, level, source))
      process.stderr.write(`${logLine(filter, { level, source, text })}\n`);
  };
}
