import { type ErrorCode, isVoxhostError } from '@voxhost/sdk';
import { EXIT_CODES, isHostError } from '../errors.js';
import { oneLine } from './one-line.js';

/** What the command line makes of an error. */
export interface Failure {
  readonly exitCode: number;
  readonly code: string;
  /** One line, without control characters. */
  readonly message: string;
}

/** The contract's errors, by whose fault they are: the call's (2), or a backend's (4, 5). */
const CONTRACT_EXIT_CODES: { readonly [C in ErrorCode]: number } = {
  BAD_GRID: 2,
  BAD_IMAGE: 2,
  BAD_ARGUMENT: 2,
  UNSUPPORTED: 4,
  DISPOSED: 1,
  OUT_OF_MEMORY: 5,
  BACKEND_FAILED: 5,
  PLUGIN_FILE: 5,
};

/** Exit code and message of whatever was thrown. An error nobody foresaw is ours: 1. */
export function failureOf(error: unknown): Failure {
  if (isHostError(error)) return failure(EXIT_CODES[error.code], error.code, error.message);
  if (isVoxhostError(error)) {
    return failure(CONTRACT_EXIT_CODES[error.code], error.code, error.message);
  }
  const { code, message, exitCode } = fieldsOf(error);
  if (code === 'INTERRUPTED' && typeof exitCode === 'number') {
    return failure(exitCode, code, message);
  }
  return failure(
    1,
    'INTERNAL',
    `internal error: ${message}; please report it, with VOXHOST_LOG=debug set`,
  );
}

function fieldsOf(error: unknown): { code?: unknown; message: string; exitCode?: unknown } {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const { code, message, exitCode } = error as Record<string, unknown>;
  return { code, message: typeof message === 'string' ? message : String(error), exitCode };
}

const failure = (exitCode: number, code: string, message: string): Failure => ({
  exitCode,
  code,
  message: oneLine(message),
});
