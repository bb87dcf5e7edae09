import { missingLibrary } from './missing-library.js';

/** What is missing where that can be read, else what was said. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error ? messagesOf(error) : String(error);
  const missing = missingLibrary(said);
  return missing === undefined ? said : `${missing.what} is missing; ${missing.remedy}`;
}

/** A message and those of its causes. */
const messagesOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message}: ${messagesOf(error.cause)}` : error.message;
