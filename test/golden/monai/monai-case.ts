import type { GoldenTarget } from '../golden-case.js';
import type { Tolerance } from './compare.js';
import type { GoldenArray } from './golden-array.js';

export interface MonaiOp {
  readonly op: string;
  readonly params: { readonly [name: string]: unknown };
  readonly lazy?: boolean;
}

export interface Expected extends GoldenArray {
  readonly grid?: GoldenArray;
}

/** One row of `cases.json`; which optional fields are there depends on `kind`. */
export interface MonaiCase {
  readonly id: string;
  readonly family: string;
  readonly kind: string;
  readonly input: string;
  readonly ops: readonly MonaiOp[];
  readonly lazy?: boolean | null;
  readonly overrides?: { readonly [name: string]: unknown } | null;
  readonly expect: unknown;
  readonly tol: Tolerance;
  readonly quirk?: boolean;
  readonly note?: string;
  readonly segments?: readonly {
    readonly ops: readonly MonaiOp[];
    readonly overrides: { readonly [name: string]: unknown };
  }[];
  readonly samples?: readonly { readonly [name: string]: unknown }[];
  readonly ops_after?: readonly MonaiOp[];
  readonly inverse?: { readonly mode: string; readonly padding_mode: string };
  readonly resample_calls?: number;
  readonly analysis?: {
    readonly after_ops: number;
    readonly op: string;
    readonly params: { readonly [name: string]: unknown };
  };
  readonly sample?: { readonly mode: string; readonly padding_mode: string };
}

export interface CaseFile {
  readonly format: string;
  readonly inputs: { readonly [key: string]: GoldenArray };
  readonly cases: readonly MonaiCase[];
}

/** What running a kind of case needs. */
export interface CaseContext extends GoldenTarget {
  readonly folder: string;
  readonly inputs: CaseFile['inputs'];
}

/** Runs a case and gives its largest error; rejects when it fails. */
export type CaseRunner = (golden: MonaiCase, context: CaseContext) => Promise<number>;
