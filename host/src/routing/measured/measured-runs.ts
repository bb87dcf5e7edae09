import { join } from 'node:path';
import { type InjectionToken, inject, injectable } from '../../injection.js';
import type { Candidate } from '../candidate.js';
import { StateFolderToken } from '../state-folder.js';
import { joinBooks, type MeasuredBook, measuredBy } from './measured-book.js';
import { readMeasuredBook } from './read-measured-book.js';

/** Name of the file in the state folder. */
const FILE = 'measured.json';

/** Milliseconds that the last such call took on a backend; undefined where there was none. */
export type MeasuredOf = (candidate: Candidate) => number | undefined;

/** Remembers how long calls took, so that an explanation shows it beside what was predicted, also in a later process. */
@injectable()
export class MeasuredRuns {
  readonly #path: string;
  readonly #noted = new Map<string, number>();
  #known: Promise<MeasuredBook> | undefined;

  constructor(@inject(StateFolderToken) folder: string) {
    this.#path = join(folder, FILE);
  }

  /** Takes down calls of one `operationShape`: over all the demanded runs, as a prediction counts. */
  noteFor(shape: string): (candidate: Candidate, ms: number) => void {
    return ({ id, version }, ms) => {
      const by = measuredBy(shape, id, version);
      this.#noted.delete(by);
      this.#noted.set(by, ms);
    };
  }

  async read(shape: string): Promise<MeasuredOf> {
    const book = joinBooks(await this.#read(), this.#noted);
    return ({ id, version }) => book.get(measuredBy(shape, id, version));
  }

  /** Keeps what was noted for later processes. */
  async store(): Promise<void> {
    if (this.#noted.size === 0) return;
    const { writeMeasuredBook } = await import('./write-measured-book.js');
    await writeMeasuredBook(this.#path, joinBooks(await this.#read(), this.#noted));
  }

  #read(): Promise<MeasuredBook> {
    this.#known ??= readMeasuredBook(this.#path);
    return this.#known;
  }
}

export const MeasuredRunsToken: InjectionToken<MeasuredRuns> = Symbol('MeasuredRuns');
