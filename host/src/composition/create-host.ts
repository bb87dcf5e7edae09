import type { Operation } from '@voxhost/sdk';
import {
  amount,
  callback,
  count,
  either,
  having,
  limit,
  listOf,
  object,
  oneOf,
  optional,
  record,
  requireArgument,
  text,
} from '@voxhost/sdk/arguments';
import { HostError } from '../errors.js';
import type { Host, HostOptions } from '../host.js';
import { BackendPoolToken } from '../loading/backend-pool.js';
import type { BackendLimits } from '../loading/process/process-backend.js';
import { CatalogueToken } from '../loading/quarantine/plugin-health.js';
import type { HostLog } from '../log.js';
import { isShown, logLine, parseLogFilter } from '../log-filter.js';
import { threw } from '../progress.js';
import { RUN_RULES, type RulesOf } from '../request-rules.js';
import type { CalibrateRequest } from '../routing/calibration/calibrate-host.js';
import { MeasuredRunsToken } from '../routing/measured/measured-runs.js';
import { unknownRequired } from '../routing/required-name.js';
import { ROUTE_RULES } from '../routing/route-rules.js';
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

const words = either(text, listOf(text));

const SETTINGS = having(ROUTE_RULES);

const LIMITS = record({
  initMs: optional(amount),
  idleMs: optional(amount),
  callFloorMs: optional(amount),
  callFactor: optional(amount),
  cancelMs: optional(amount),
  disposeMs: optional(amount),
  residentBytes: optional(limit),
} satisfies RulesOf<BackendLimits>);

const OPTIONS = record({
  pluginPaths: optional(listOf(text)),
  pluginMode: optional(oneOf('only', 'add')),
  pluginSelect: optional(words),
  pluginDisable: optional(words),
  lockFile: optional(text),
  projectDir: optional(text),
  backends: ROUTE_RULES.backends,
  fallback: ROUTE_RULES.fallback,
  deterministic: ROUTE_RULES.deterministic,
  threads: optional(count),
  limits: optional(LIMITS),
  quarantine: optional(oneOf('on', 'off')),
  log: optional(callback),
  assets: optional(object),
  flags: optional(object),
} satisfies RulesOf<HostOptions & EmbeddedParts>);

const CALIBRATE = record({
  backends: ROUTE_RULES.backends,
  ...RUN_RULES,
} satisfies RulesOf<CalibrateRequest>);

/**
 * Makes a host. Nothing is searched or loaded before a call needs it.
 *
 * @throws HostError `USAGE` for options that no host can have.
 */
export async function createHost(options: HostOptions & EmbeddedParts = {}): Promise<Host> {
  requireOptions(options);
  const threads = options.threads ?? readThreads();
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
    log: options.log === undefined ? logToStderr() : guardedLog(options.log),
    catalogue: catalogueOnce(found),
  });
  return hostOver(container, options);
}

function requireOptions(options: HostOptions & EmbeddedParts): void {
  try {
    requireArgument('options', options, OPTIONS);
  } catch (cause) {
    throw usage(cause);
  }
}

const usage = (cause: unknown): HostError =>
  new HostError('USAGE', { reason: cause instanceof Error ? cause.message : String(cause) }, cause);

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
      requireArgument('request', request, SETTINGS);
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
      requireArgument('request', request, CALIBRATE);
      const { HostCalibration } = await import('../routing/calibration/calibrate-host.js');
      return container.resolve(HostCalibration).run(request);
    },
    plugins: async () => {
      requireOpen();
      return container.resolve(CatalogueToken).read();
    },
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

/** A log that throws must not end what it was told of; the first time is told elsewhere. */
function guardedLog(log: HostLog): HostLog {
  let isTold = false;
  return (level, source, text) => {
    try {
      log(level, source, text);
    } catch (cause) {
      if (isTold) return;
      isTold = true;
      process.emitWarning(threw('log', cause).message);
    }
  };
}
