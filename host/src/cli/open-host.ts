import type { Host } from '../host.js';
import type { HostLog } from '../log.js';
import type { Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { oneLine } from './failure.js';
import type { Terminal } from './terminal.js';

/** A host as the common options ask for it; its warnings go to stderr. The caller disposes it. */
export async function openHost(
  options: CommonOptions,
  { terminal, embedded }: Session,
): Promise<Host> {
  const { createHost } = await import('../index.js');
  const { pluginPath, project, backend, fallback, threads, quiet } = options;
  return createHost({
    ...(pluginPath && { pluginPaths: pluginPath }),
    ...(project !== undefined && { projectDir: project }),
    ...(backend && { backends: backend }),
    ...(fallback && { fallback }),
    ...(threads !== undefined && { threads }),
    ...(embedded && { assets: embedded }),
    log: logTo(terminal, quiet === true),
  });
}

/** Warnings and errors to stderr, errors only where it is to be quiet, all of it with `VOXHOST_LOG`. */
export function logTo(terminal: Terminal, quiet: boolean): HostLog {
  return (level, source, text) => {
    if (isShown(level, quiet, terminal)) {
      terminal.err(`voxhost: ${level}: ${source}: ${oneLine(text)}\n`);
    }
  };
}

function isShown(level: string, quiet: boolean, terminal: Terminal): boolean {
  if (terminal.env.VOXHOST_LOG !== undefined) return true;
  return level === 'error' || (level === 'warn' && !quiet);
}
