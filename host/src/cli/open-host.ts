import type { Host } from '../host.js';
import type { HostLog } from '../log.js';
import { isShown, logLine, parseLogFilter } from '../log-filter.js';
import { unknownRequired } from '../routing/required-name.js';
import type { Session } from './command.js';
import { type CommonOptions, flagsOf } from './common-options.js';
import { oneLine } from './one-line.js';
import type { Terminal } from './terminal.js';

/** A host as the common options ask for it; its warnings go to stderr. The caller disposes it. Throws `REQUIRED_BACKEND` for a mistyped name. */
export async function openHost(
  options: CommonOptions,
  { terminal, embedded }: Session,
): Promise<Host> {
  const { createHost } = await import('../index.js');
  const { project, lock, backend, fallback, deterministic, threads, quiet } = options;
  const host = await createHost({
    flags: flagsOf(options),
    ...(project !== undefined && { projectDir: project }),
    ...(lock !== undefined && { lockFile: lock }),
    ...(backend && { backends: backend }),
    ...(fallback && { fallback }),
    ...(deterministic && { deterministic }),
    ...(threads !== undefined && { threads }),
    ...(embedded && { assets: embedded }),
    log: logTo(terminal, quiet === true),
  });
  if (backend === undefined) return host;
  const unknown = unknownRequired(await host.plugins(), {
    backends: backend,
    ...(fallback && { fallback }),
  });
  if (unknown === undefined) return host;
  await host.close();
  throw unknown;
}

/** To stderr what `VOXHOST_LOG` asks for; without it warnings and errors, or errors only where it is to be quiet. */
export function logTo(terminal: Terminal, quiet: boolean): HostLog {
  const filter = parseLogFilter(terminal.env.VOXHOST_LOG ?? (quiet ? 'error' : 'warn'));
  return (level, source, text) => {
    if (isShown(filter, level, source)) {
      terminal.err(`${logLine(filter, { level, source, text: oneLine(text) })}\n`);
    }
  };
}
