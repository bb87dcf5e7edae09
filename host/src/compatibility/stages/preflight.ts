import type { Target } from '@voxhost/sdk';
import type { BinaryFacts, BinaryRead } from '../../binary/binary-facts.js';
import type { Preflight } from '../../binary/preflight-facts.js';
import { compareDotted } from '../../dotted-number.js';
import type { Evidence, VerdictWord } from '../../verdict.js';
import { macosOfDarwin, macosRelease } from '../macos-version.js';
import { type Outcome, passed, refused, unchecked } from '../outcome.js';
import type { TargetInput } from '../subject.js';

const FORMATS: Readonly<Record<string, BinaryFacts['format']>> = { win32: 'pe', darwin: 'mach-o' };

/** File names of libraries and addons: what a loader could be given. */
const NATIVE = /\.(?:node|dll|dylib|so(?:\.\d+)*)$/;

/** Native files of a target by their manifest path. A script may be the entry of an `exec` plugin, so that one is looked into. */
export function nativePaths({ entry, files = [], probe }: Target): readonly string[] {
  const started = [
    ...(entry.type === 'node-addon' || entry.type === 'exec' ? [entry.path] : []),
    ...(probe?.type === 'exec' ? [probe.path] : []),
  ];
  const listed = files.map(({ path }) => path).filter((path) => NATIVE.test(path));
  return [...new Set([...started, ...listed])];
}

/** Stage 9: native files are whole, for this system and cpu, and find what they need. Nothing is loaded. */
export function judgePreflight(input: TargetInput): Outcome {
  const paths = nativePaths(input.target);
  const looked = input.binaries;
  if (paths.length > 0 && looked === undefined) return unchecked();
  const unknown = new Set<string>();
  for (const path of paths) {
    const read = looked?.get(path);
    if (read === undefined) return unchecked();
    const refusal = judgeBinary(input, path, read) ?? judgeNeeds(path, input.preflights?.get(path));
    if (refusal !== undefined) return refusal;
    for (const name of input.preflights?.get(path)?.unknown ?? []) unknown.add(name);
  }
  if (unknown.size === 0) return passed();
  const names = [...unknown].join(', ');
  const text = `cannot be seen from here whether these libraries are there: ${names}`;
  return unchecked({ stage: 'preflight', text });
}

const refuse = (verdict: VerdictWord, evidence: Evidence, text: string): Outcome =>
  refused('preflight', verdict, evidence, { text });

function judgeBinary(input: TargetInput, path: string, read: BinaryRead): Outcome | undefined {
  const { entry } = input.target;
  if (!read.ok)
    return refuse(
      'corrupt',
      { expected: 'a native binary', found: read.reason, where: path },
      'install the plugin again',
    );
  const { os, cpu } = input.machine;
  const format = FORMATS[os] ?? 'elf';
  const slice = read.slices.find((each) => each.format === format && each.cpu === cpu);
  if (slice === undefined)
    return refuse(
      'wrong-platform',
      {
        expected: `${format} for ${cpu}`,
        found: read.slices.map((each) => `${each.format} for ${each.cpu}`).join(', '),
        where: path,
      },
      `install a build for ${os}-${cpu}`,
    );
  const misfit = judgeBuiltFor(slice, path, input.machine.osVersion);
  if (misfit !== undefined) return misfit;
  if (path !== entry.path || entry.type !== 'node-addon') return undefined;
  return (
    judgeEntrySymbol(slice, path, entry.symbol) ??
    judgeNodeApi(slice, path, input.machine.node.program?.symbols)
  );
}

/** What macOS's loader compares, as far as Darwin's version tells: the release that the binary needs, and the system's. */
function judgeBuiltFor(
  { builtFor }: BinaryFacts,
  path: string,
  osVersion: string,
): Outcome | undefined {
  if (builtFor === undefined) return undefined;
  const { system, version } = builtFor;
  const refuseAs = (expected: string, found: string) =>
    refuse('wrong-platform', { expected, found, where: path }, `install a build for this macOS`);
  if (system !== 'macos') return refuseAs('a library for macOS', `one for ${system}`);
  const own = macosOfDarwin(osVersion);
  if (own === undefined || (compareDotted(own, macosRelease(version)) ?? 0) >= 0) return undefined;
  return refuseAs(`macOS ${version}`, `macOS ${own} (Darwin ${osVersion})`);
}

/** Node.js finds an addon by its exported function, or is called by its constructor. */
const REGISTERS = 'napi_register_module_v1';
const REGISTERS_ITSELF = 'napi_module_register';

function judgeEntrySymbol(
  { exports, imports, format, kind }: BinaryFacts,
  path: string,
  symbol: string | undefined,
): Outcome | undefined {
  const refuseAs = (expected: string, found: string) =>
    refuse('load-failed', { expected, found, where: path }, 'report it to the publisher');
  if (kind !== 'library') return refuseAs('a shared library', kind);
  if (symbol !== undefined && !exports.includes(symbol))
    return refuseAs(`the symbol ${symbol}`, 'a library without it');
  // which function a PE library imports by name is not read, so that the absence of one proves nothing
  const registers = exports.includes(REGISTERS) || imports.includes(REGISTERS_ITSELF);
  if (symbol !== undefined || registers || format === 'pe') return undefined;
  return refuseAs(`the symbol ${REGISTERS}`, 'a library that registers no module');
}

/** A function that is bound lazily and is not there would end the process in the middle of a call. */
function judgeNodeApi(
  { imports }: BinaryFacts,
  path: string,
  symbols: ReadonlySet<string> | undefined,
): Outcome | undefined {
  const missing = imports.find((name) => /^(?:node_api|napi)_/.test(name) && !symbols?.has(name));
  if (symbols === undefined || missing === undefined || missing === REGISTERS_ITSELF)
    return undefined;
  return refuse(
    'incompatible-node',
    { expected: `a Node.js with ${missing}`, found: 'one without it', where: path },
    'use a newer Node.js, or a build of the plugin for this one',
  );
}

function judgeNeeds(path: string, found: Preflight | undefined): Outcome | undefined {
  const missing = found?.missing[0];
  if (missing !== undefined)
    return refuse(
      'missing-library',
      {
        expected: missing.name,
        found: `nothing in ${missing.searched.join(', ') || 'any folder'}`,
        where: missing.neededBy,
      },
      `install ${missing.name}, or set the folder that has it on the loader's path`,
    );
  const version = found?.versions[0];
  if (version === undefined) return judgeSymbols(path, found?.undefinedSymbols?.[0]);
  return refuse(
    'missing-library',
    {
      expected: `${version.version} in ${version.library}`,
      found: version.found,
      where: version.neededBy === path ? path : version.neededBy,
    },
    `install a newer ${version.library}`,
  );
}

/** Weak ones may stay undefined, and are not among them. */
const judgeSymbols = (path: string, symbol: string | undefined): Outcome | undefined =>
  symbol === undefined
    ? undefined
    : refuse(
        'load-failed',
        {
          expected: `the symbol ${symbol} in a library that it needs`,
          found: 'none of them has it',
          where: path,
        },
        'report it to the publisher: it was not linked with all that it uses',
      );
