import { join } from 'node:path';
import type { CatalogueEntry } from '../../discovery/catalogue.js';
import { type InjectionToken, inject, injectable } from '../../injection.js';
import { type Lending, LendingToken } from '../../loading/lending.js';
import { StateFolderToken } from '../state-folder.js';
import { type CalibratedPlugin, type CostBook, withCalibratedCosts } from './cost-book.js';
import { readCostBook } from './read-cost-book.js';
import { readFingerprint } from './read-fingerprint.js';

/** Name of the file in the state folder. */
const FILE = 'calibration.json';

/** What was measured on this machine, read once, and joined with what manifests claim. */
@injectable()
export class Calibrations {
  readonly #path: string;
  readonly #threads: number;
  #book: Promise<CostBook> | undefined;
  #stores = 0;

  constructor(
    @inject(StateFolderToken) folder: string,
    @inject(LendingToken) { threads }: Lending,
  ) {
    this.#path = join(folder, FILE);
    this.#threads = threads;
  }

  /** Where the measured costs are kept. */
  get path(): string {
    return this.#path;
  }

  /** Another one after each `store`: what was applied before is stale. */
  get edition(): number {
    return this.#stores;
  }

  /** The blocks of an entry with measured costs, where there are some that still hold. */
  async apply(entry: CatalogueEntry): Promise<ReturnType<typeof withCalibratedCosts>> {
    const blocks = entry.manifest?.capabilities ?? [];
    const measured = (await this.#read())[entry.manifest?.id ?? ''];
    if (measured === undefined) return { blocks, basis: 'manifest' };
    return withCalibratedCosts(blocks, measured, await this.fingerprint(entry));
  }

  fingerprint(entry: CatalogueEntry): Promise<string> {
    return readFingerprint(entry, this.#threads);
  }

  /** Adds to the book what was measured; plugins that were not measured now keep what they have. */
  async store(measured: Readonly<Record<string, CalibratedPlugin>>): Promise<void> {
    const book = { ...(await this.#read()), ...measured };
    const { writeCostBook } = await import('./write-cost-book.js');
    await writeCostBook(this.#path, book);
    this.#book = Promise.resolve(book);
    this.#stores++;
  }

  #read(): Promise<CostBook> {
    this.#book ??= readCostBook(this.#path);
    return this.#book;
  }
}

export const CalibrationsToken: InjectionToken<Calibrations> = Symbol('Calibrations');
