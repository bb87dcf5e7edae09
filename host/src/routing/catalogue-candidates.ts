import type { CatalogueEntry, CatalogueReader } from '../discovery/catalogue.js';
import { decideIsolation } from '../discovery/isolation.js';
import { inject, injectable } from '../injection.js';
import { type BackendPool, BackendPoolToken } from '../loading/backend-pool.js';
import { CatalogueToken } from '../loading/quarantine/plugin-health.js';
import { type Calibrations, CalibrationsToken } from './calibration/calibrations.js';
import type { Candidate } from './candidate.js';
import type { CandidateSource } from './candidate-source.js';

/** Candidates, and what they were made of. */
interface Made {
  readonly entries: readonly CatalogueEntry[];
  /** Is each active? Undefined while one of them starts, which changes by the moment. */
  readonly active: readonly boolean[] | undefined;
  /** Of the calibrations. */
  readonly edition: number;
  readonly candidates: readonly Candidate[];
}

/**
 * The catalogue's entries as candidates; shadowed ones are out, refused ones stay so that they can say why. The same list
 * as long as nothing has changed: to make it takes 0.03 ms, where there are calibrations and so files to look at 0.15; all of
 * a call of the smallest volumes 0.2.
 */
@injectable()
export class CatalogueCandidates implements CandidateSource {
  readonly #catalogue: CatalogueReader;
  readonly #pool: BackendPool;
  readonly #calibrations: Calibrations;
  #made: Made | undefined;

  constructor(
    @inject(CatalogueToken) catalogue: CatalogueReader,
    @inject(BackendPoolToken) pool: BackendPool,
    @inject(CalibrationsToken) calibrations: Calibrations,
  ) {
    this.#catalogue = catalogue;
    this.#pool = pool;
    this.#calibrations = calibrations;
  }

  async read(): Promise<readonly Candidate[]> {
    const { entries } = await this.#catalogue.read();
    if (this.#made === undefined || !this.#holds(this.#made, entries))
      this.#made = await this.#make(entries);
    return this.#made.candidates;
  }

  #holds(made: Made, entries: readonly CatalogueEntry[]): boolean {
    const { active, edition } = made;
    if (active === undefined || edition !== this.#calibrations.edition) return false;
    if (entries.length !== made.entries.length) return false;
    return entries.every((entry, at) => {
      if (entry !== made.entries[at]) return false;
      const { isActive, startingForMs } = this.#activityOf(entry);
      return startingForMs === undefined && isActive === active[at];
    });
  }

  async #make(entries: readonly CatalogueEntry[]): Promise<Made> {
    const { edition } = this.#calibrations;
    const activities = entries.map((entry) => this.#activityOf(entry));
    const candidates = await Promise.all(entries.map((entry) => this.#candidate(entry)));
    const isStarting = activities.some(({ startingForMs }) => startingForMs !== undefined);
    return {
      entries,
      active: isStarting ? undefined : activities.map(({ isActive }) => isActive),
      edition,
      candidates: candidates.filter((candidate) => candidate !== undefined),
    };
  }

  #activityOf(entry: CatalogueEntry): Activity {
    const id = idOf(entry);
    return id === undefined ? { isActive: false } : this.#pool.activityOf(id);
  }

  async #candidate(entry: CatalogueEntry): Promise<Candidate | undefined> {
    const candidate = candidateOf(entry, this.#activityOf(entry));
    if (candidate === undefined) return undefined;
    const { blocks, basis } = await this.#calibrations.apply(entry);
    return { ...candidate, capabilities: blocks, basis };
  }
}

type Activity = ReturnType<BackendPool['activityOf']>;

const idOf = ({ manifest, verdict }: CatalogueEntry): string | undefined =>
  manifest?.id ?? verdict.id;

/** Undefined for what is shadowed, and for what has not even an id. */
function candidateOf(entry: CatalogueEntry, activity: Activity): Candidate | undefined {
  const { manifest, verdict, layer } = entry;
  const id = idOf(entry);
  if (id === undefined || verdict.verdict === 'shadowed') return undefined;
  return {
    id,
    name: manifest?.name ?? id.slice(id.lastIndexOf('.') + 1),
    version: manifest?.version ?? verdict.version ?? '0.0.0',
    layer,
    verdict,
    capabilities: manifest?.capabilities ?? [],
    basis: 'manifest',
    ...activity,
    isIsolated: isIsolated(entry),
  };
}

function isIsolated(entry: CatalogueEntry): boolean {
  const { layer, manifest, target, trusted, apartFrom } = entry;
  if (manifest === undefined || target === undefined || layer === 8) return false;
  return (
    decideIsolation({ layer, manifest, target, apartFrom, isTrusted: trusted }).kind === 'process'
  );
}
