import { isHostError } from '../errors.js';
import type { Attempt } from './router.js';

/** Codes that blame the call, not the backend: another backend would be right to refuse it too. */
const CALLERS_FAULT: ReadonlySet<string> = new Set([
  'BAD_ARGUMENT',
  'BAD_GRID',
  'BAD_IMAGE',
  'HOST_CLOSED',
]);

/** Codes after which the backend itself is not to be trusted any more. */
const BACKEND_LOST: ReadonlySet<string> = new Set(['BACKEND_FAILED', 'PLUGIN_FAILED']);

export const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
};

export const isCallersFault = (error: unknown, signal?: AbortSignal): boolean =>
  signal?.aborted === true || CALLERS_FAULT.has(codeOf(error));

export const isBackendLost = (error: unknown): boolean =>
  BACKEND_LOST.has(codeOf(error)) || isHostError(error, 'PLUGIN_FAILED');

export function failedAttempt(backend: string, ms: number, error: unknown): Attempt {
  const message = error instanceof Error ? error.message : String(error);
  return { backend, outcome: 'failed', ms, error: { code: codeOf(error), message } };
}
