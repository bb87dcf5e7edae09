import { readFile } from 'node:fs/promises';
import type { Json } from '@voxhost/sdk';
import { HostError } from '../errors.js';

/** The value of a JSON file. Rejects with `BAD_FILE`. */
export async function readJson(path: string, remedy: string): Promise<Json> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw badJson(path, `cannot be read (${reasonOf(cause)})`, remedy, cause);
  });
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw badJson(path, `is no JSON: ${reasonOf(cause)}`, remedy, cause);
  }
}

export const badJson = (path: string, reason: string, remedy: string, cause: unknown): HostError =>
  new HostError('BAD_FILE', { path, reason, remedy }, cause);

const reasonOf = (cause: unknown): string =>
  String((cause as { message?: unknown } | undefined)?.message ?? cause);
