import { HostError } from '../errors.js';
import { own } from '../own.js';

/** What is wrong with the content of a file, found by a pure parser that knows no path. */
export interface Fault {
  /** The header field or part of the file, in the format's own word. */
  readonly field: string;
  /** Continues the sentence that begins with the field: `is 0`. */
  readonly reason: string;
  readonly remedy: string;
}

/** What a user can do about a file whose bytes are wrong. */
export const REWRITE = 'write the file again from its origin';

/** Thrown inside `io` by parsers; `atPath` turns it into the host's BAD_FILE. Never leaves `io`. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(`${fault.field} ${fault.reason}`, options);
    this.fault = fault;
  }
}

/** A fault of a field, to be thrown. */
export const faultIn = (field: string, reason: string, remedy: string = REWRITE): FaultError =>
  new FaultError({ field, reason, remedy });

const SYSTEM_REASONS: { readonly [code: string]: readonly [reason: string, remedy: string] } = {
  ENOENT: ['does not exist', 'check the path'],
  ENOTDIR: ['has a part that is a file where a folder should be', 'check the path'],
  EACCES: ['may not be read', 'change its permissions'],
  EPERM: ['may not be read', 'change its permissions'],
  EISDIR: ['is a folder', 'name the file itself'],
  ELOOP: ['is a link that leads to itself', 'check the path'],
  ENAMETOOLONG: ['is too long a name', 'check the path'],
  EIO: ['cannot be read from its disk', 'copy it from its origin'],
};

/** Runs `read`; what goes wrong in it becomes one BAD_FILE that names the path. Aborts pass through. */
export async function atPath<T>(path: string, read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw toBadFile(path, error);
  }
}

function toBadFile(path: string, error: unknown): unknown {
  if (error instanceof FaultError) {
    const { field, reason, remedy } = error.fault;
    return new HostError('BAD_FILE', { path, reason: `${field} ${reason}`, remedy }, error.cause);
  }
  const code = systemCode(error);
  const known = code === undefined ? undefined : (own(SYSTEM_REASONS, code) ?? otherReason(error));
  if (known === undefined) return error;
  return new HostError('BAD_FILE', { path, reason: known[0], remedy: known[1] }, error);
}

/** Of a code of the operating system that no table has. */
function otherReason(error: unknown): readonly [reason: string, remedy: string] | undefined {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : [`cannot be read (${code} of ${syscall})`, 'check it'];
}

/** The code of an error of the operating system or of zlib, if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
