import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json } from '@voxhost/sdk';
import { InvalidArgumentError } from 'commander';

/** What `--option key=value`, repeated, says. */
export type KeyedOptions = Readonly<Record<string, Json>>;

/** `key=value`: a value that is JSON counts as such, anything else is text. */
export function parseOption(text: string, previous: KeyedOptions = {}): KeyedOptions {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as key=value.');
  return { ...previous, [text.slice(0, at)]: parseValue(text.slice(at + 1)) };
}

/** A path of a file becomes absolute: the plugin that reads it may run in another folder. */
function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return isPath(text) ? resolve(text) : text;
  }
}

/** Words have neither a dot nor a slash; what has, and is there, is a path. */
const isPath = (text: string): boolean => /[./\\]/.test(text) && existsSync(text);
