import type { VerdictWord } from './verdict.js';

/**
 * The host's own errors. Told apart by `code`; the message has the remedy.
 * Exit codes of the command line follow from `EXIT_CODES`.
 */
export interface HostErrorFields {
  /** The command line does not parse, or names what does not exist. */
  readonly USAGE: { readonly reason: string };
  /** A file that cannot be read or is not what it claims. Nothing was written. */
  readonly BAD_FILE: { readonly path: string; readonly reason: string; readonly remedy: string };
  /** An output that cannot be written. Nothing was left behind. */
  readonly CANNOT_WRITE: {
    readonly path: string;
    readonly reason: string;
    readonly remedy: string;
  };
  /** No usable backend can do the operation; `reason` has each candidate's first failing axis. */
  readonly NO_BACKEND: {
    readonly operation: string;
    readonly reason: string;
    readonly remedy: string;
  };
  /** A backend that the user named cannot serve. */
  readonly REQUIRED_BACKEND: {
    readonly backend: string;
    readonly reason: string;
    readonly remedy: string;
  };
  /** Every candidate that was tried failed; `cause` is the last error. */
  readonly BACKENDS_FAILED: { readonly operation: string; readonly attempts: string };
  /** The backend of a running metric is gone; results of another differ in the last bits. */
  readonly BACKEND_LOST: { readonly backend: string; readonly next: string };
  /** A plugin could not be loaded, answered wrongly or too late. */
  readonly PLUGIN_FAILED: {
    readonly plugin: string;
    readonly verdict: VerdictWord;
    readonly reason: string;
  };
  /** Something the format, the command or this version cannot express. Refused rather than substituted. */
  readonly NOT_EXPRESSIBLE: {
    readonly what: string;
    readonly reason: string;
    readonly remedy: string;
  };
  /** Used after `close`. */
  readonly HOST_CLOSED: { readonly what: string };
}

/** What an error of the host is told by. */
export type HostErrorCode = keyof HostErrorFields;

const MESSAGES: { readonly [C in HostErrorCode]: (fields: HostErrorFields[C]) => string } = {
  USAGE: (f) => `${f.reason}; see --help`,
  BAD_FILE: (f) => `${f.path}: ${f.reason}; ${f.remedy}`,
  CANNOT_WRITE: (f) => `${f.path}: ${f.reason}; ${f.remedy}`,
  NO_BACKEND: (f) => `no usable backend for ${f.operation}: ${f.reason}; ${f.remedy}`,
  REQUIRED_BACKEND: (f) => `backend "${f.backend}" cannot serve: ${f.reason}; ${f.remedy}`,
  BACKENDS_FAILED: (f) =>
    `every backend failed at ${f.operation}: ${f.attempts}; see "voxhost plugins doctor"`,
  BACKEND_LOST: (f) =>
    `backend "${f.backend}" was lost during a metric; prepare again (${f.next} would serve) or allow replay`,
  PLUGIN_FAILED: (f) =>
    `plugin "${f.plugin}" ${f.verdict}: ${f.reason}; see "voxhost plugins info ${f.plugin}"`,
  NOT_EXPRESSIBLE: (f) => `${f.what} ${f.reason}; ${f.remedy}`,
  HOST_CLOSED: (f) => `${f.what} was used after close(); create a new host`,
};

/** Exit code of the command line for each error; anything else is 1, an error of ours. */
export const EXIT_CODES: { readonly [C in HostErrorCode]: number } = {
  USAGE: 2,
  BAD_FILE: 3,
  CANNOT_WRITE: 3,
  NO_BACKEND: 4,
  REQUIRED_BACKEND: 4,
  BACKENDS_FAILED: 5,
  BACKEND_LOST: 5,
  PLUGIN_FAILED: 5,
  NOT_EXPRESSIBLE: 2,
  HOST_CLOSED: 1,
};

/** An error of the host: recognise it by `isHostError`, since another copy of the package has a class of its own. */
export class HostError<C extends HostErrorCode = HostErrorCode> extends Error {
  readonly code: C;
  readonly fields: HostErrorFields[C];

  constructor(code: C, fields: HostErrorFields[C], cause?: unknown) {
    super(MESSAGES[code](fields), cause === undefined ? undefined : { cause });
    this.name = 'HostError';
    this.code = code;
    this.fields = fields;
  }
}

/** Every code, sorted. */
export const HOST_ERROR_CODES: readonly HostErrorCode[] = (
  Object.keys(MESSAGES) as HostErrorCode[]
).sort();

/** Is this an error of the host, of the given code if one is given? Recognised by its fields. */
export function isHostError<C extends HostErrorCode = HostErrorCode>(
  error: unknown,
  code?: C,
): error is HostError<C> {
  if (typeof error !== 'object' || error === null) return false;
  const { code: found, fields } = error as { code?: unknown; fields?: unknown };
  if (typeof found !== 'string' || typeof fields !== 'object' || fields === null) return false;
  return code === undefined ? Object.hasOwn(MESSAGES, found) : found === code;
}
