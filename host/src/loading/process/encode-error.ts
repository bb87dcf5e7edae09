import { type ErrorFields, isVoxhostError, VoxhostError } from '@voxhost/sdk';
import type { Fields } from './message.js';

/** The word that answers a cancel. */
export const CANCELLED = 'CANCELLED';

/** Any error as fields of an `error` message: one of the contract keeps its code and fields, all keep their message. */
export function encodeError(error: unknown): Fields {
  if (isVoxhostError(error)) {
    const { code, message, fields } = error;
    return { code, message, fields };
  }
  if (error instanceof Error) {
    const { code } = error as { code?: unknown };
    const text = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
    return { code: typeof code === 'string' ? code : 'UNKNOWN', message: text };
  }
  return { code: 'UNKNOWN', message: `threw ${String(error)}` };
}

/**
 * An error that came over the stream. Only codes of the contract keep their meaning: a plugin cannot send,
 * say, the code by which the host knows that it was closed.
 */
export function decodeError(fields: Fields): Error {
  const { code, message, fields: details } = fields;
  const error = { code, fields: details };
  if (isVoxhostError(error))
    return new VoxhostError(error.code, error.fields as ErrorFields[never]);
  const text = typeof message === 'string' ? message : 'failed without a message';
  const isWord = typeof code === 'string' && code !== 'UNKNOWN';
  return Object.assign(new Error(isWord ? `${code}: ${text}` : text), { code: 'UNKNOWN' });
}
