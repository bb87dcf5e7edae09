import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context, Json } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { modelSource } from '../options/parse-options.js';
import { OptionReader } from '../options/read.js';
import { parseParameterMap } from './parameter-map.js';
import { optionsFromElastix } from './to-options.js';

/**
 * Options that name an elastix parameter map (`parameterMap`, `level`, `lenient`) become those it says, which
 * the others override; what differs from elastix is logged. Other options stay as they are. Paths in the map
 * are relative to it.
 */
export async function readOptions(context: Context, options: Json): Promise<Json> {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) return options;
  const { parameterMap, level, lenient, ...others } = options as { readonly [name: string]: Json };
  if (parameterMap === undefined) return options;
  const reader = new OptionReader('options', {
    parameterMap,
    ...(level !== undefined && { level }),
    ...(lenient !== undefined && { lenient }),
  });
  const path = resolve(reader.text('parameterMap') ?? '');
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw badArgument('options.parameterMap', `"${path}" cannot be read: ${error.message}`, error);
  });
  const asked = { level: reader.whole('level', 0) ?? 0, lenient: reader.truth('lenient') ?? false };
  const found = optionsFromElastix(parseParameterMap(text, path), asked);
  for (const note of found.notes) context.log('warn', `${path}: ${note}`);
  return { ...placed(found.options, dirname(path)), ...others };
}

/** Model paths relative to the map's folder. */
function placed(
  options: { readonly [name: string]: Json },
  folder: string,
): { [name: string]: Json } {
  const result: { [name: string]: Json } = { ...options };
  for (const name of ['models', 'movingModels']) {
    const list = options[name] as readonly { readonly [name: string]: Json }[] | undefined;
    if (list === undefined) continue;
    result[name] = list.map((model) => ({
      ...model,
      model: inFolder(`${model['model']}`, folder),
    }));
  }
  return result;
}

const inFolder = (path: string, folder: string): string =>
  modelSource(path).kind === 'mind' ? path : resolve(folder, path);
