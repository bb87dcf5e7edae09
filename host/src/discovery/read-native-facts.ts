import type { Target } from '@voxhost/sdk';
import type { BinaryFacts, BinaryRead } from '../binary/binary-facts.js';
import { parseBinary } from '../binary/parse-binary.js';
import { type BinaryView, preflight } from '../binary/preflight.js';
import type { Preflight } from '../binary/preflight-facts.js';
import { type ExportsOf, undefinedSymbols } from '../binary/undefined-symbols.js';
import type { MachineFacts } from '../compatibility/machine-facts.js';
import { nativePaths } from '../compatibility/stages/preflight.js';
import { createBinaryView, createExportsView } from './read-binary-view.js';
import type { PluginFiles } from './read-quick-facts.js';

interface Looking {
  readonly plugin: PluginFiles;
  readonly machine: MachineFacts;
  readonly view: BinaryView;
  readonly exportsOf: ExportsOf;
  readonly binaries: Map<string, BinaryRead>;
  readonly preflights: Map<string, Preflight>;
}

const HASH_BANG = 0x2321;

/** What the headers of the targets' native files say, and what the loader would do with them. Loads none. */
export async function readNativeFacts(
  plugin: PluginFiles,
  targets: readonly Target[],
  machine: MachineFacts,
): Promise<Pick<Looking, 'binaries' | 'preflights'>> {
  const looking: Looking = {
    plugin,
    machine,
    view: createBinaryView(),
    exportsOf: createExportsView(),
    binaries: new Map(),
    preflights: new Map(),
  };
  for (const path of new Set(targets.flatMap(nativePaths))) await lookInto(path, looking);
  const { binaries, preflights } = looking;
  return { binaries, preflights };
}

/** A native file; a script with `#!`, which an `exec` may be, is none. */
async function lookInto(path: string, looking: Looking): Promise<void> {
  const { plugin, machine, view, binaries, preflights } = looking;
  const absolute = plugin.source.join(plugin.root, path);
  try {
    using bytes = await plugin.source.open(absolute);
    const start = bytes.size >= 2 ? bytes.read(0, 2) : new Uint8Array(2);
    if (((start[0] ?? 0) << 8) + (start[1] ?? 0) === HASH_BANG) return;
    const read = parseBinary(bytes);
    binaries.set(path, read);
    const slice = read.ok ? read.slices.find(({ cpu }) => cpu === machine.cpu) : undefined;
    if (slice === undefined) return;
    const found = preflight({ path: absolute, facts: slice }, machine, view);
    preflights.set(path, { ...found, ...symbolsOf(path, slice, found, looking) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    binaries.set(path, { ok: false, reason });
  }
}

/**
 * Symbols that an addon of this machine needs in vain. Only where all that is loaded is known: what is preloaded may
 * define anything, and a library that an addon brings may count on the addon.
 */
function symbolsOf(
  path: string,
  facts: BinaryFacts,
  { missing, unknown, reached }: Preflight,
  { plugin, machine, view, exportsOf }: Looking,
): Pick<Preflight, 'undefinedSymbols'> {
  const isAddon = plugin.manifest.targets.some(
    ({ entry }) => entry.type === 'node-addon' && entry.path === path,
  );
  if (!isAddon || machine.loader?.kind !== 'elf' || missing.length + unknown.length > 0) return {};
  const { program } = machine.node;
  if (program === undefined || (machine.variables?.['LD_PRELOAD'] ?? '') !== '') return {};
  const before = preflight(program, machine, view);
  const found = undefinedSymbols(
    facts,
    program.symbols,
    [...before.reached, ...reached],
    exportsOf,
  );
  return found === undefined ? {} : { undefinedSymbols: found };
}
