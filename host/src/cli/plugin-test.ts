import type { Backend, Operation } from '@voxhost/sdk';
import { type ConformanceCase, conformanceCases, RULES } from '@voxhost/sdk/testing';
import type { Command } from 'commander';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { HostError } from '../errors.js';
import type { Host } from '../host.js';
import { DEFAULT_TIMEOUTS } from '../loading/timeouts.js';
import { isUsable } from '../verdict.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findOnePlugin } from './find-one-plugin.js';
import { oneLine } from './one-line.js';
import { logTo, openHost } from './open-host.js';
import { printResult } from './result.js';
import type { Terminal } from './terminal.js';

/** How one case ended. */
interface Outcome {
  readonly rule: string;
  readonly name: string;
  /** What the backend did wrong; absent: nothing. */
  readonly failure?: string;
}

export function define(command: Command, session: Session): void {
  command
    .argument('<dir>', 'folder of a plugin, or its manifest')
    .addHelpText('after', examples('voxhost plugin test .', 'voxhost plugin test . --json'))
    .action(async (path: string) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { terminal } = session;
      const entry = await findOnePlugin(path);
      assertUsable(entry);
      await using host = await openHost(options, session);
      const outcomes = await tryAll(creatorOf(entry, host, session), terminal);
      const failed = outcomes.filter(({ failure }) => failure !== undefined);
      const passed = outcomes.length - failed.length;
      printResult(terminal, options, {
        text: `${outcomes.map(outcomeLine).join('\n')}\n${passed} passed, ${failed.length} failed`,
        json: { id: entry.verdict.id, passed, failed: failed.length, outcomes },
      });
      if (failed.length > 0) throw nonconforming(entry, failed);
    });
}

function assertUsable({ verdict, path }: CatalogueEntry): void {
  if (isUsable(verdict)) return;
  const { expected, found, where } = verdict.evidence;
  const reason = `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)} at ${where ?? path}`;
  throw new HostError('PLUGIN_FAILED', {
    plugin: verdict.id ?? path,
    verdict: verdict.verdict,
    reason,
  });
}

/** Activates the plugin as the host would, isolation included, each time anew. */
function creatorOf(
  entry: CatalogueEntry,
  host: Host,
  { terminal }: Session,
): () => Promise<Backend> {
  const id = entry.manifest?.id ?? entry.path;
  const log = logTo(terminal, true);
  return async () => {
    const { activatePlugin } = await import('../loading/activate.js');
    const active = await activatePlugin(entry, {
      signal: terminal.signal,
      threads: 2,
      timeouts: DEFAULT_TIMEOUTS,
      log: (level, text) => log(level, id, text),
      prepare: <O extends Operation>(operation: O, signal?: AbortSignal) =>
        host.prepare(operation, { exclude: [id], ...(signal && { signal }) }),
    });
    return disposingAll(active);
  };
}

/** A backend whose disposal ends all that was started for it. */
function disposingAll(active: { readonly backend: Backend; dispose(): Promise<void> }): Backend {
  const { backend } = active;
  return {
    name: backend.name,
    capabilities: backend.capabilities,
    supports: (operation) => backend.supports(operation),
    prepare: (operation, signal) => backend.prepare(operation, signal),
    [Symbol.asyncDispose]: () => active.dispose(),
  };
}

async function tryAll(
  create: () => Promise<Backend>,
  { signal }: Terminal,
): Promise<readonly Outcome[]> {
  await using shared = await create();
  const outcomes: Outcome[] = [];
  for (const one of conformanceCases(shared.capabilities)) {
    signal.throwIfAborted();
    outcomes.push(await outcomeOf(one, shared, create));
  }
  return outcomes;
}

async function outcomeOf(
  one: ConformanceCase,
  backend: Backend,
  create: () => Promise<Backend>,
): Promise<Outcome> {
  const { rule, name } = one;
  try {
    await one.run(backend, create);
    return { rule, name };
  } catch (error) {
    return { rule, name, failure: error instanceof Error ? error.message : String(error) };
  }
}

const outcomeLine = ({ rule, name, failure }: Outcome): string =>
  failure === undefined
    ? `ok     ${rule}: ${name}`
    : `FAILED ${rule}: ${name}: ${oneLine(failure)}`;

function nonconforming(entry: CatalogueEntry, failed: readonly Outcome[]) {
  const broken = [...new Set(failed.map(({ rule }) => rule))];
  const rules = broken.map((rule) => `${rule} (${RULES[rule as keyof typeof RULES]})`).join(', ');
  return new HostError('PLUGIN_FAILED', {
    plugin: entry.verdict.id ?? entry.path,
    verdict: 'nonconforming',
    reason: `it breaks ${rules}`,
  });
}
