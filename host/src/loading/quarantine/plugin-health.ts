import { isRecord } from '../../compatibility/check-shape.js';
import type { Quarantine } from '../../compatibility/policy.js';
import type { CatalogueEntry, CatalogueReader } from '../../discovery/catalogue.js';
import { readPluginState, updatePluginState } from '../../discovery/plugin-state.js';
import type { InjectionToken } from '../../injection.js';
import type { HostLog } from '../../log.js';
import { own } from '../../own.js';
import type { Verdict } from '../../verdict.js';
import type { Death } from '../process/death.js';
import { addStrike, type HealthState, release, type Strike } from './strikes.js';

/** Keeps count of failures in the state folder, and tells who is held back since this host started. */
export class PluginHealth {
  readonly #folder: string;
  readonly #log: HostLog;
  readonly #counts: boolean;
  readonly #held = new Map<string, Quarantine>();

  /** `counts`: failures are remembered, and held against a plugin; otherwise only told. */
  constructor(folder: string, log: HostLog, counts = true) {
    this.#folder = folder;
    this.#log = log;
    this.#counts = counts;
  }

  /** A plugin failed in a way that blames it; what cannot be written is kept for this host only. */
  strike(entry: CatalogueEntry, { verdict, reason }: Death): void {
    const id = entry.manifest?.id;
    if (id === undefined) return;
    const fingerprint = entry.fingerprint?.() ?? '';
    const strike: Strike = { id, fingerprint, verdict, reason, now: Date.now() };
    this.#log('warn', 'loading', `${id} ${verdict}: ${reason}`);
    if (!this.#counts) return;
    const held = own(this.#remember(strike).quarantined, id);
    if (held === undefined || held.fingerprint !== fingerprint || held.until <= strike.now) return;
    this.#held.set(id, held);
    const until = new Date(held.until).toISOString();
    this.#log(
      'error',
      'loading',
      `${id} is quarantined until ${until}: voxhost plugins release ${id}`,
    );
  }

  /** The entry, with the verdict `quarantined` where it was earned since the catalogue was read. */
  judged(entry: CatalogueEntry): CatalogueEntry {
    const held = this.#held.get(entry.manifest?.id ?? '');
    return held === undefined ? entry : { ...entry, verdict: quarantinedVerdict(entry, held) };
  }

  #remember(strike: Strike): HealthState {
    let after: HealthState = { strikes: {}, quarantined: {} };
    try {
      updatePluginState(this.#folder, (state) => {
        after = addStrike(healthOf(state), strike);
        return { ...state, ...after };
      });
    } catch (error) {
      this.#log('warn', 'loading', `the strike is not remembered: ${String(error)}`);
    }
    return after;
  }
}

/** A catalogue that is told what its plugins do, and quarantines one as soon as it has earned it. */
export interface WatchedCatalogue extends CatalogueReader {
  strike(entry: CatalogueEntry, fault: Death): void;
}

export const CatalogueToken: InjectionToken<WatchedCatalogue> = Symbol('WatchedCatalogue');

export const watched = (catalogue: CatalogueReader, health: PluginHealth): WatchedCatalogue => ({
  verify: (entry) => catalogue.verify(entry),
  read: async () => {
    const { entries, notes } = await catalogue.read();
    return { entries: entries.map((entry) => health.judged(entry)), notes };
  },
  strike: (entry, fault) => health.strike(entry, fault),
});

/** Forgets the strikes and the quarantine of a plugin; false where there were none. */
export function releasePlugin(folder: string, id: string): boolean {
  const before = healthOf(readPluginState(folder));
  if (own(before.strikes, id) === undefined && own(before.quarantined, id) === undefined)
    return false;
  updatePluginState(folder, (state) => ({ ...state, ...release(healthOf(state), id) }));
  return true;
}

/** What is remembered of failures that led to no quarantine yet, by id. */
export const readStrikes = (folder: string): HealthState['strikes'] =>
  healthOf(readPluginState(folder)).strikes;

/** What is no such record is nothing: the file may be of another version, or damaged. */
function healthOf({ strikes, quarantined }: Readonly<Record<string, unknown>>): HealthState {
  return {
    strikes: (isRecord(strikes) ? strikes : {}) as HealthState['strikes'],
    quarantined: (isRecord(quarantined) ? quarantined : {}) as HealthState['quarantined'],
  };
}

function quarantinedVerdict({ verdict, manifest }: CatalogueEntry, held: Quarantine): Verdict {
  return {
    ...verdict,
    verdict: 'quarantined',
    stage: 4,
    severity: 'warn',
    transient: false,
    evidence: { found: held.reason, where: `until ${new Date(held.until).toISOString()}` },
    fix: [{ text: 'release it', command: `voxhost plugins release ${manifest?.id}` }],
  };
}
