import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Koffi } from '#cuda/koffi.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCE = join(ROOT, 'test/support/fake-driver/fake-driver.cpp');
const KERNELS = join(ROOT, 'plugins/cuda/kernels');
/** Named as the real one, whose version is the end of its name. */
const LIBRARY = join(ROOT, '.build/fake-driver/libcuda.so.580.65.06');
const PTX = join(ROOT, 'plugins/cuda/bundle/kernels.ptx');
const PLATFORM = `${process.platform}-${process.arch}`;

/** Kernels of CUDA and of this machine must be the same arithmetic: nothing is fused. */
const FLAGS = [
  ...['-std=c++17', '-O2', '-ffp-contract=off', '-shared', '-fPIC'],
  ...['-Wall', '-Wno-unknown-pragmas', '-fvisibility=hidden'],
];

/** Why the fake driver cannot be had here; undefined where it can. */
export function whyNoFakeDriver(): string | undefined {
  if (process.platform === 'win32') return 'the fake driver is built with g++';
  if (koffiModule() === undefined) return `koffi has no module for ${PLATFORM}`;
  return spawnSync('g++', ['--version']).status === 0 ? undefined : 'there is no g++';
}

/** Path of the fake driver's library, built if it is older than the kernels. */
export function fakeDriver(): string {
  const folders = [KERNELS, join(SOURCE, '..')];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const newest = Math.max(...files.map((file) => statSync(file).mtimeMs));
  if (existsSync(LIBRARY) && statSync(LIBRARY).mtimeMs > newest) return LIBRARY;
  mkdirSync(join(LIBRARY, '..'), { recursive: true });
  const built = `${LIBRARY}.${process.pid}`;
  const { status, stderr } = spawnSync('g++', [...FLAGS, '-o', built, SOURCE], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`g++: ${stderr}`);
  renameSync(built, LIBRARY);
  return LIBRARY;
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
}

export function openFakeDriver(): FakeDriver {
  const module = koffiModule();
  if (module === undefined) throw new Error(`koffi has no module for ${PLATFORM}`);
  const koffi = createRequire(import.meta.url)(fileURLToPath(module)) as Koffi;
  const library = koffi.load(fakeDriver());
  const countsInto = library.func('void fake_counts(void *counts)');
  const reset = library.func('void fake_reset()');
  const ptxInto = library.func('size_t fake_ptx(void *into, size_t room)');
  return {
    counts() {
      const all = new BigInt64Array(6);
      countsInto(all);
      const [toDevice, toHost, held, launches, allocations, pinned] = [...all].map(Number);
      return { toDevice, toHost, held, launches, allocations, pinned };
    },
    reset: () => void reset(),
    skeleton() {
      const text = new Uint8Array(ptxInto(null, 0));
      ptxInto(text, text.length);
      return new TextDecoder().decode(text);
    },
  };
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
