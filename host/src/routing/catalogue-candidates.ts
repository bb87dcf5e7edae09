import { inject, injectable } from '../injection.js';
import type { CatalogueEntry, CatalogueReader } from '../discovery/catalogue.js';
import { decideIsolation } from '../discovery/isolation.js';
import { type BackendPool, BackendPoolToken } from '../loading/backend-pool.js';
import { CatalogueToken } from '../loading/quarantine/plugin-health.js';
import { type Calibrations, CalibrationsToken } from './calibration/calibrations.js';
import type { Candidate } from './candidate.js';
import type { CandidateSource } from './candidate-source.js';

/** The catalogue's entries as candidates; shadowed ones are out, refused ones stay so that they can say why. */
@injectable()
export class CatalogueCandidates implements CandidateSource {
  readonly #catalogue: CatalogueReader;
  readonly #pool: BackendPool;
  readonly #calibrations: Calibrations;

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
    const candidates = await Promise.all(entries.map((entry) => this.#candidate(entry)));
    return candidates.filter((candidate) => candidate !== undefined);
  }

  async #candidate(entry: CatalogueEntry): Promise<Candidate | undefined> {
    const candidate = candidateOf(entry, (id) => this.#pool.activityOf(id));
    if (candidate === undefined) return undefined;
    const { blocks, basis } = await this.#calibrations.apply(entry);
    return { ...candidate, capabilities: blocks, basis };
  }
}

/** Undefined for what is shadowed, and for what has not even an id. */
function candidateOf(
  entry: CatalogueEntry,
  activityOf: BackendPool['activityOf'],
): Candidate | undefined {
  const { manifest, verdict, layer } = entry;
  const id = manifest?.id ?? verdict.id;
  if (id === undefined || verdict.verdict === 'shadowed') return undefined;
  return {
    id,
    name: manifest?.name ?? id.slice(id.lastIndexOf('.') + 1),
    version: manifest?.version ?? verdict.version ?? '0.0.0',
    layer,
    verdict,
    capabilities: manifest?.capabilities ?? [],
    basis: 'manifest',
    ...activityOf(id),
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
