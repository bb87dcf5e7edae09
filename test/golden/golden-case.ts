import type { Router, RouteSettings } from 'voxhost';

/** What a case runs against: the host's routing, and who may serve. */
export interface GoldenTarget {
  readonly router: Router;
  readonly settings: RouteSettings;
}

/** One case of a golden directory, whatever its format. */
export interface GoldenCase {
  readonly id: string;
  readonly family: string;
  /** Why it is not run. */
  readonly skip?: string;
  /** Rejects with a `Mismatch` or any error when the case fails; gives the largest error when it passes. */
  run(target: GoldenTarget): Promise<number>;
}

/** A format of golden directories, told by its files. */
export interface GoldenFormat {
  readonly name: string;
  detect(files: readonly string[]): boolean;
  read(folder: string): Promise<readonly GoldenCase[]>;
}

export type Outcome =
  | { readonly kind: 'passed'; readonly id: string; readonly error: number }
  | { readonly kind: 'failed'; readonly id: string; readonly error: string }
  | { readonly kind: 'skipped'; readonly id: string; readonly reason: string };
