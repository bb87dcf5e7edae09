import type { CatalogueReader } from '../../discovery/catalogue.js';
import { inject, injectable } from '../../injection.js';
import { type BackendPool, BackendPoolToken } from '../../loading/backend-pool.js';
import { CatalogueToken } from '../../loading/quarantine/plugin-health.js';
import { isUsable } from '../../verdict.js';
import { type Candidate, isNamed } from '../candidate.js';
import { type CandidateSource, CandidatesToken } from '../candidate-source.js';
import { type Calibration, calibratePlugin } from './calibrate.js';
import { type Calibrations, CalibrationsToken } from './calibrations.js';

/** Which backends are measured, and how to be told and stopped. */
export interface CalibrateRequest {
  /** Names or ids; default every usable plugin. */
  readonly backends?: readonly string[];
  /** Called before each block with what is measured next. */
  readonly progress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** What a calibration of this machine found. */
export interface CalibrationReport {
  /** File that the costs were written to. */
  readonly path: string;
  readonly plugins: readonly Calibration[];
  /** Plugins that could not be activated, and why. */
  readonly failures: readonly { readonly plugin: string; readonly reason: string }[];
}

/** Measures backends and stores what routing then uses. */
@injectable()
export class HostCalibration {
  readonly #candidates: CandidateSource;
  readonly #catalogue: CatalogueReader;
  readonly #pool: BackendPool;
  readonly #calibrations: Calibrations;

  constructor(
    @inject(CandidatesToken) candidates: CandidateSource,
    @inject(CatalogueToken) catalogue: CatalogueReader,
    @inject(BackendPoolToken) pool: BackendPool,
    @inject(CalibrationsToken) calibrations: Calibrations,
  ) {
    this.#candidates = candidates;
    this.#catalogue = catalogue;
    this.#pool = pool;
    this.#calibrations = calibrations;
  }

  /** One plugin after the other, so that they do not disturb each other; all are stored at the end. */
  async run(request: CalibrateRequest = {}): Promise<CalibrationReport> {
    const stop = new AbortController();
    const { ending } = this.#pool;
    using _host = passedOn(ending, stop);
    using _caller = passedOn(request.signal, stop);
    return await this.#measureAll({ ...request, signal: stop.signal });
  }

  async #measureAll(
    request: CalibrateRequest & { readonly signal: AbortSignal },
  ): Promise<CalibrationReport> {
    const { signal } = request;
    const plugins: Calibration[] = [];
    const failures: { plugin: string; reason: string }[] = [];
    for (const candidate of wanted(await this.#candidates.read(), request.backends)) {
      signal.throwIfAborted();
      try {
        plugins.push(await this.#measure(candidate, request));
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        failures.push({ plugin: candidate.id, reason });
      }
    }
    const measured = plugins.map(
      ({ candidate, calibrated }) => [candidate.id, calibrated] as const,
    );
    await this.#calibrations.store(Object.fromEntries(measured));
    return { path: this.#calibrations.path, plugins, failures };
  }

  async #measure(
    candidate: Candidate,
    { progress, signal }: CalibrateRequest,
  ): Promise<Calibration> {
    await this.#pool.discard(candidate.id); // so that the start is measured too
    return calibratePlugin(candidate, {
      acquire: ({ id }) => this.#pool.acquire(id),
      fingerprint: () => this.#fingerprint(candidate.id),
      now: () => new Date().toISOString(),
      ...(progress && { progress }),
      ...(signal && { signal }),
    });
  }

  async #fingerprint(id: string): Promise<string> {
    const { entries } = await this.#catalogue.read();
    const entry = entries.find(({ manifest, verdict }) => manifest?.id === id && isUsable(verdict));
    return entry === undefined ? '' : this.#calibrations.fingerprint(entry);
  }
}

/** Aborts with a signal's reason, from whatever library the signal is. */
function passedOn(signal: AbortSignal | undefined, controller: AbortController): Disposable {
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', abort) };
}

const wanted = (
  candidates: readonly Candidate[],
  names: readonly string[] | undefined,
): readonly Candidate[] =>
  candidates.filter(
    (candidate) =>
      isUsable(candidate.verdict) &&
      (names === undefined || names.some((name) => isNamed(candidate, name))),
  );
