import type { Neighbourhoods } from './windows.js';

/** What a run samples. */
export interface Wanted extends Neighbourhoods {
  /** The moving image's gradient too. */
  readonly gradient: boolean;
  readonly signal: AbortSignal | undefined;
}
