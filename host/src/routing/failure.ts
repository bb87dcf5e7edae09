import type { Attempt } from './router.js';

/** Codes by which a backend blames the call. Whether it is right, `operationProblem` and the other backends say. */
const CALLERS_FAULT: ReadonlySet<string> = new Set(['BAD_ARGUMENT', 'BAD_GRID', 'BAD_IMAGE']);

/** Codes after which the backend itself is not to be trusted any more. */
const BACKEND_LOST: ReadonlySet<string> = new Set(['BACKEND_FAILED', 'PLUGIN_FAILED']);

/** Code of whatever was thrown. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/** The caller gave up, or the host ends: nobody else is tried. */
export const isTheEnd = (error: unknown, signal?: AbortSignal): boolean =>
  signal?.aborted === true || codeOf(error) === 'HOST_CLOSED';

export const blamesCaller = (error: unknown): boolean => CALLERS_FAULT.has(codeOf(error));

export const isBackendLost = (error: unknown): boolean => BACKEND_LOST.has(codeOf(error));

/** Did everybody who was asked blame the call, but for those who cannot serve it at all? */
export const allBlameCaller = (attempts: readonly Attempt[]): boolean => {
  const codes = attempts.flatMap(({ error }) => (error === undefined ? [] : [error.code]));
  const others = codes.filter((code) => code !== 'UNSUPPORTED');
  return others.length > 0 && others.every((code) => CALLERS_FAULT.has(code));
};

export function failedAttempt(backend: string, ms: number, error: unknown): Attempt {
  const message = error instanceof Error ? error.message : String(error);
  return { backend, outcome: 'failed', ms, error: { code: codeOf(error), message } };
}
