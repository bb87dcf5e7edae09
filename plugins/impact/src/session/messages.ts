/** What a tensor is outside the runtime. */
export interface PlainTensor {
  readonly type: 'float32' | 'int64' | 'int16' | 'int32';
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int16Array | Int32Array;
}

/** One position of each row of features: rows [N, C] stand for a tensor [N, C, spatial...] that is 0 elsewhere. */
export interface Spot {
  /** Dimensions of the whole tensor. */
  readonly dims: readonly number[];
  /** The position in the flat order of the spatial axes. */
  readonly at: number;
  readonly rows: Float32Array;
}

/**
 * `pooled` keeps what the largest run needed, for many runs of one shape: it halves their time. `returned`
 * gives memory back after each run, for whole volumes, of which one may need gigabytes.
 */
export type Memory = 'pooled' | 'returned';

export interface SessionSettings {
  readonly memory: Memory;
  /** Threads of one run. */
  readonly threads: number;
}

/** Asked of the worker; every question but `stop` is answered under its number. */
export type Question =
  | {
      readonly kind: 'start';
      readonly runtime: string;
      readonly provider: string;
    }
  | {
      readonly kind: 'open';
      readonly session: number;
      readonly model: Uint8Array;
      readonly settings: SessionSettings;
    }
  | { readonly kind: 'close'; readonly session: number }
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly feeds: Readonly<Record<string, PlainTensor>>;
      /** Feeds that are zero but for one position of each row. */
      readonly spots?: Readonly<Record<string, Spot>>;
      /** Number under which all feeds and outputs stay with the worker. */
      readonly keep?: number;
      /** Number whose kept values fill the inputs that `feeds` leaves out; forgotten afterwards. */
      readonly reuse?: number;
      /** Outputs that are answered whole. */
      readonly whole: readonly string[];
      /** Outputs of which one position of the spatial axes is answered: how far along each axis, 0 to 1. */
      readonly centred: readonly string[];
      /** Per spatial axis of the input, so that ⌊size / 2⌋ of every output is its centre; undefined is that. */
      readonly mirrored?: readonly boolean[];
    }
  | { readonly kind: 'forget'; readonly keep: number };

export interface Answer {
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** Dimensions of the whole tensor, of a centred output. */
  readonly whole?: readonly number[];
}

export type Answers = Readonly<Record<string, Answer>>;

/** How a session calls its inputs and outputs. */
export interface SessionNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: Answers | SessionNames | null }
  | { readonly id: number; readonly ok: false; readonly message: string };
