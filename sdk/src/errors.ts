/**
 * The errors of the contract. One is recognised by its fields, never by `instanceof`: a plugin has its own
 * copy of the sdk.
 *
 * @example
 * try { await prepared.run(map, { samples }); }
 * catch (error) { if (isVoxhostError(error, 'BAD_ARGUMENT')) report(error.fields.argument); else throw error; }
 */
export interface ErrorFields {
  /** A grid that no volume can have. Correct the field. */
  readonly BAD_GRID: { readonly field: string; readonly reason: string };
  /** Pixels that do not fit their grid or type. */
  readonly BAD_IMAGE: { readonly field: string; readonly reason: string };
  /** An argument of a call that does not fit: a map of other dimensions, a buffer of another length. The host checks both before it asks a backend. */
  readonly BAD_ARGUMENT: { readonly argument: string; readonly reason: string };
  /** The backend has not what the operation asks for; routing should have asked `supports`. */
  readonly UNSUPPORTED: {
    readonly backend: string;
    readonly axis: string;
    readonly reason: string;
  };
  /** Run or queued on something that is disposed. */
  readonly DISPOSED: { readonly what: string };
  /** Memory, host's or device's, does not suffice; a smaller block or another backend may do. */
  readonly OUT_OF_MEMORY: { readonly backend: string; readonly bytes: number };
  /** The device or worker died; the backend cannot go on. */
  readonly BACKEND_FAILED: { readonly backend: string; readonly reason: string };
  /** A file or library of a plugin cannot be had. */
  readonly PLUGIN_FILE: { readonly plugin: string; readonly path: string; readonly reason: string };
}

/** What an error of the contract is told by. */
export type ErrorCode = keyof ErrorFields;

const MESSAGES: { readonly [C in ErrorCode]: (fields: ErrorFields[C]) => string } = {
  BAD_GRID: (f) => `the grid's ${f.field} ${f.reason}; correct it before making an image`,
  BAD_IMAGE: (f) => `the image's ${f.field} ${f.reason}; pass data that fits the grid`,
  BAD_ARGUMENT: (f) => `argument "${f.argument}" ${f.reason}; correct the call`,
  UNSUPPORTED: (f) =>
    `backend "${f.backend}" lacks this ${f.axis}: ${f.reason}; choose another backend`,
  DISPOSED: (f) => `${f.what} was disposed; prepare it again`,
  OUT_OF_MEMORY: (f) =>
    `backend "${f.backend}" could not get ${f.bytes} bytes; ask for a smaller block or another backend`,
  BACKEND_FAILED: (f) => `backend "${f.backend}" failed: ${f.reason}; the host will use another`,
  PLUGIN_FILE: (f) => `plugin "${f.plugin}" cannot use ${f.path}: ${f.reason}; install it again`,
};

/** An error of the contract: a code, typed fields, a message with the remedy, the cause. */
export class VoxhostError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly fields: ErrorFields[C];

  constructor(code: C, fields: ErrorFields[C], cause?: unknown) {
    super(MESSAGES[code](fields), cause === undefined ? undefined : { cause });
    this.name = 'VoxhostError';
    this.code = code;
    this.fields = fields;
  }
}

/** Every code, sorted. */
export const ERROR_CODES: readonly ErrorCode[] = (Object.keys(MESSAGES) as ErrorCode[]).sort();

/** Is this an error of the contract, of the given code if one is given, from whatever copy of the sdk? */
export function isVoxhostError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is VoxhostError<C> {
  if (typeof error !== 'object' || error === null) return false;
  const { code: found, fields } = error as { code?: unknown; fields?: unknown };
  if (typeof found !== 'string' || typeof fields !== 'object' || fields === null) return false;
  return code === undefined ? Object.hasOwn(MESSAGES, found) : found === code;
}
