import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { pluginTemplate } from '../authoring/template.js';
import { HostError } from '../errors.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { printResult } from './result.js';

interface CreateOptions extends CommonOptions {
  readonly id?: string;
  readonly name?: string;
}

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<dir>', 'folder to make; it must be new or empty')
    .option('--id <id>', 'reverse-DNS identity; default org.example.NAME', parseId)
    .option('--name <name>', "the backend's name; default that of the folder", parseName)
    .addHelpText('after', examples('voxhost plugin create mine --id org.example.mine'))
    .action(async (folder: string) => {
      const options: CreateOptions = command.optsWithGlobals();
      const name = options.name ?? nameFrom(basename(resolve(folder)));
      const id = options.id ?? `org.example.${name}`;
      await makeEmpty(folder);
      const files = pluginTemplate(id, name);
      for (const { path, text } of files) await writeFile(join(folder, path), text, { flag: 'wx' });
      const paths = files.map(({ path }) => join(folder, path));
      printResult(terminal, options, {
        text: `${paths.join('\n')}\nnext: voxhost plugin test ${folder}`,
        json: { id, name, files: paths },
      });
    });
}

function parseId(text: string): string {
  const isId = /^[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,78}[a-z0-9]$/.test(text) && text.includes('.');
  if (isId) return text;
  throw new InvalidArgumentError('Give a reverse-DNS name of a-z, 0-9, dot and hyphen.');
}

function parseName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) return text;
  throw new InvalidArgumentError('Give at most 40 of a-z, 0-9 and hyphen.');
}

/** The folder's name with what a backend's name may not have taken out. */
function nameFrom(folder: string): string {
  const name = folder.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.replace(/^-+|-+$/g, '').slice(0, 40) || 'mine';
}

async function makeEmpty(path: string): Promise<void> {
  let names: readonly string[];
  try {
    await mkdir(path, { recursive: true });
    names = await readdir(path);
  } catch (cause) {
    throw cannotMake(path, 'cannot be made', cause);
  }
  if (names.length > 0) throw cannotMake(path, 'is not empty');
}

const cannotMake = (path: string, reason: string, cause?: unknown) =>
  new HostError('CANNOT_WRITE', { path, reason, remedy: 'name a new folder' }, cause);
