import { inspect } from 'node:util';
import { type ErrorFields, isVoxhostError, VoxhostError } from '@voxhost/sdk';
import { isHostError } from '../../errors.js';
import { clipped } from '../clipped.js';
import type { Fields } from './message.js';

/** The word that answers a cancel. */
export const CANCELLED = 'CANCELLED';

/** Any error as fields of an `error` message: one of the contract keeps its code and fields, all keep their message. */
export function encodeError(error: unknown): Fields {
  try {
    return fieldsOf(error);
  } catch {
    return { code: 'UNKNOWN', message: 'threw something that cannot be read' };
  }
}

function fieldsOf(error: unknown): Fields {
  if (isVoxhostError(error)) {
    const { code, message, fields } = error;
    return { code, message: String(message), fields: JSON.parse(JSON.stringify(fields)) };
  }
  if (error instanceof Error) {
    const { code } = error as { code?: unknown };
    const text = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
    return { code: typeof code === 'string' ? code : 'UNKNOWN', message: text };
  }
  return { code: 'UNKNOWN', message: `threw ${textOf(error)}` };
}

/** Most characters of something thrown that is no error. */
const MOST_TEXT = 200;

const textOf = (thrown: unknown): string =>
  (typeof thrown === 'object' && thrown !== null ? inspect(thrown) : String(thrown)).slice(
    0,
    MOST_TEXT,
  );

/**
 * What code in this process threw, as an error that can be read without running any of it. One of the contract, and
 * any other that is none of the host's own, stays what it is.
 */
export function readableError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && isPlain(thrown) && !isHostError(thrown)) return thrown;
  } catch {
    // a getter of it throws
  }
  return decodeError(encodeError(thrown));
}

const isPlain = ({ name, message, stack }: Error): boolean =>
  [name, message, stack].every((text) => typeof text === 'string') && clipped(message) === message;

/**
 * An error that came over the stream. Only codes of the contract keep their meaning: a plugin cannot send,
 * say, the code by which the host knows that it was closed.
 */
export function decodeError(fields: Fields): Error {
  const { code, message, fields: details } = fields;
  const error = { code, fields: details };
  if (isVoxhostError(error))
    return new VoxhostError(error.code, clippedFields(error.fields) as ErrorFields[never]);
  const text = typeof message === 'string' ? clipped(message) : 'failed without a message';
  const isWord = typeof code === 'string' && code !== 'UNKNOWN';
  return Object.assign(new Error(isWord ? `${code}: ${text}` : text), { code: 'UNKNOWN' });
}

const clippedFields = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? clipped(value) : value,
    ]),
  );
