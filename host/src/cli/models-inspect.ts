import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { HostError } from '../errors.js';
import { isUsable } from '../verdict.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { openHost } from './open-host.js';

/** The field of a manifest that names a program of the plugin for models, below its root. */
const FIELD = 'x-tools';
const TOOL = 'models';

export function define(command: Command, session: Session): void {
  command
    .argument('<model>', 'an ONNX file, or the name of a generated model such as mind')
    .addHelpText(
      'after',
      examples('voxhost models inspect encoder.onnx', 'voxhost models inspect mind --json'),
    )
    .action((model: string) => inspect(model, command.optsWithGlobals(), session));
}

/** The host knows nothing of models: a plugin that does brings the program, which runs in a process of its own. */
async function inspect(model: string, options: CommonOptions, session: Session): Promise<void> {
  const { terminal } = session;
  await using host = await openHost(options, session);
  const { entries } = await host.plugins();
  const tool = entries.filter(mayRun).flatMap(toolOf)[0];
  if (tool === undefined) {
    throw new HostError('NO_BACKEND', {
      operation: 'models inspect',
      reason: 'no usable plugin that ships with the host or is trusted knows models',
      remedy: 'install or trust one that does, such as impact; see "voxhost plugins list"',
    });
  }
  const file = /^mind(-|$)/.test(model) ? model : resolve(model);
  const { code, out, err } = await run(
    [tool, 'inspect', file, ...(options.json ? ['--json'] : [])],
    terminal.signal,
  );
  if (code === 0) {
    terminal.out(out);
    return;
  }
  const reason = err.trim().replace(/^voxhost: /, '') || `the plugin's tool ended with ${code}`;
  throw new HostError('BAD_FILE', { path: model, reason, remedy: 'name an ONNX model' });
}

/** Code that nobody vouches for is not run outside its cage. */
const mayRun = ({ trusted, verdict }: CatalogueEntry): boolean => trusted && isUsable(verdict);

function toolOf({ manifest, root }: CatalogueEntry): readonly string[] {
  const tools = (manifest as { readonly [name: string]: unknown } | undefined)?.[FIELD];
  const path = (tools as { readonly [name: string]: unknown } | undefined)?.[TOOL];
  const isPlain =
    typeof path === 'string' && /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.includes('..');
  return root !== undefined && isPlain ? [join(root, path)] : [];
}

function run(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => settle({ code, out, err }));
  });
}
