import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Koffi } from '#cuda/koffi.js';
import { skipBecause } from './skip-because.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SUPPORT = join(ROOT, 'test/support');
const KERNELS = join(ROOT, 'plugins/cuda/kernels');
const BUILT = join(ROOT, '.build/fake-driver');
/** Named as the real one, whose version is the end of its name. */
const LIBRARY = join(BUILT, 'libcuda.so.580.65.06');
const PTX = join(ROOT, 'plugins/cuda/bundle/kernels.ptx');
const PLATFORM = `${process.platform}-${process.arch}`;

/** What is compiled: loops are to be fast, the machine is nothing that a compiler could make fast. */
const UNITS = [
  { source: 'fake-driver/all.cpp', flags: ['-O2'] },
  { source: 'ptx-machine/all.cpp', flags: ['-O1', '-fwrapv'] },
];

/** Kernels of CUDA and of this machine must be the same arithmetic: nothing is fused. */
const FLAGS = [
  ...['-std=c++17', '-ffp-contract=off', '-fPIC', '-fvisibility=hidden'],
  ...['-Wall', '-Wextra', '-Wno-unknown-pragmas', '-Wno-missing-field-initializers'],
];

/** Why the fake driver cannot be had here; undefined where it can. */
export function whyNoFakeDriver(): string | undefined {
  if (process.platform === 'win32') return 'the fake driver is built with g++';
  if (koffiModule() === undefined) return `koffi has no module for ${PLATFORM}`;
  return spawnSync('g++', ['--version']).status === 0 ? undefined : 'there is no g++';
}

/** Path of the fake driver's library, built if it is older than its sources or the kernels. */
export function fakeDriver(): string {
  const folders = [KERNELS, join(SUPPORT, 'fake-driver'), join(SUPPORT, 'ptx-machine')];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const newest = Math.max(...files.map((file) => statSync(file).mtimeMs));
  if (existsSync(LIBRARY) && statSync(LIBRARY).mtimeMs > newest) return LIBRARY;
  mkdirSync(BUILT, { recursive: true });
  const built = `${LIBRARY}.${process.pid}`;
  const objects = UNITS.map((_, k) => `${built}.${k}.o`);
  // all at once, since it is the longest wait of these tests
  const compile = UNITS.map(({ source, flags }, k) =>
    commandOf([...FLAGS, ...flags, '-c', '-o', objects[k], join(SUPPORT, source)]),
  );
  const started = compile.map((command) => `${command} & all="$all $!"`);
  const link = commandOf(['-shared', '-o', built, ...objects]);
  const script = [...started, 'for one in $all; do wait $one || exit; done', link].join('\n');
  const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`g++: ${stderr}`);
  for (const object of objects) rmSync(object);
  renameSync(built, LIBRARY);
  return LIBRARY;
}

const commandOf = (args: readonly string[]): string =>
  ['g++', ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');

/** In a `describe`: the fake driver is there before its tests, or all of them are skipped with the reason. */
export function needsFakeDriver(): void {
  before(function () {
    requireFakeDriver(this);
  });
}

/** In a hook: the fake driver, built if that is needed; skips where it cannot be had. */
export function requireFakeDriver(hook: Mocha.Context): FakeDriver {
  hook.timeout(120_000); // the first suite builds it, beside whatever else this machine does
  const reason = whyNoFakeDriver();
  if (reason !== undefined) skipBecause(hook, reason);
  return openFakeDriver();
}

/** URL of koffi's native module as npm has it. */
export function koffiModule(): URL | undefined {
  const folder = PLATFORM.replace('-', '_');
  const path = join(ROOT, `node_modules/@koromix/koffi-${PLATFORM}/${folder}/koffi.node`);
  return existsSync(path) ? pathToFileURL(path) : undefined;
}

/** What happened on the fake devices of this process since it began. */
export interface FakeCounts {
  readonly toDevice: number;
  readonly toHost: number;
  /** Bytes that are allocated. */
  readonly held: number;
  readonly launches: number;
  readonly allocations: number;
  /** Bytes of page-locked memory that were ever allocated. */
  readonly pinned: number;
}

/** The fake driver's own functions, in this process. */
export interface FakeDriver {
  counts(): FakeCounts;
  /** A driver that never lost a device, and counts allocations and launches from 0. */
  reset(): void;
  /** Names and parameters of the kernels as the C++ compiler has them, as PTX. */
  skeleton(): string;
  /** What it complained of last, since it was reset; empty where nothing was wrong. */
  complaint(): string;
  /** What ran of every PTX function that the machine read in this process. */
  coverage(): readonly PtxCoverage[];
}

export interface PtxCoverage {
  readonly name: string;
  readonly instructions: number;
  /** How many of them ever ran. */
  readonly executed: number;
  /** How often instructions ran. */
  readonly steps: number;
}

export function openFakeDriver(): FakeDriver {
  const module = koffiModule();
  if (module === undefined) throw new Error(`koffi has no module for ${PLATFORM}`);
  const koffi = createRequire(import.meta.url)(fileURLToPath(module)) as Koffi;
  const library = koffi.load(fakeDriver());
  const countsInto = library.func('void fake_counts(void *counts)');
  const reset = library.func('void fake_reset()');
  const textOf = (name: string): (() => string) => {
    const into = library.func(`size_t ${name}(void *into, size_t room)`);
    return () => {
      const text = new Uint8Array(into(null, 0));
      into(text, text.length);
      return new TextDecoder().decode(text);
    };
  };
  const coverage = textOf('fake_coverage');
  return {
    counts() {
      const all = new BigInt64Array(6);
      countsInto(all);
      const [toDevice, toHost, held, launches, allocations, pinned] = [...all].map(Number);
      return { toDevice, toHost, held, launches, allocations, pinned };
    },
    reset: () => void reset(),
    skeleton: textOf('fake_ptx'),
    complaint: textOf('fake_complaint'),
    coverage: () => coverage().trimEnd().split('\n').filter(Boolean).map(readCoverage),
  };
}

function readCoverage(line: string): PtxCoverage {
  const [name = '', ...counts] = line.split(' ');
  const [instructions = 0, executed = 0, steps = 0] = counts.map(Number);
  return { name, instructions, executed, steps };
}

/** The kernels as nvcc compiled them; undefined where it is not here. */
export const compiledPtx = (): string | undefined =>
  existsSync(PTX) ? readFileSync(PTX, 'utf8') : undefined;

/** What the fake driver is told: `OOM_AT: 3`. */
export type FakeSettings = Readonly<Record<string, string | number>>;

/** Tells the fake driver of this process, and the plugin which driver to load, until it is disposed. */
export function fakeSettings(
  settings: FakeSettings = {},
  environment: Readonly<Record<string, string>> = {},
): Disposable {
  const told: Record<string, string> = { VOXHOST_CUDA_DRIVER: fakeDriver(), ...environment };
  for (const [name, value] of Object.entries(settings)) told[`FAKE_CUDA_${name}`] = String(value);
  const before = Object.keys(told).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, told);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}
