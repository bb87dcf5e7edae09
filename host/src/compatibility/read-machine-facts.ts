import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { nodeChildProcess } from '../node-builtins.js';
import { HOST_ABI, VERSION } from '../version.js';
import type { MachineFacts } from './machine-facts.js';
import { readLibc } from './read-libc.js';
import { readLoaderFacts, readProgram } from './read-loader-facts.js';
import { readDevices, readDrivers } from './read-nvidia.js';

/** What is to be asked of the machine that costs more than reading a file. */
export interface MachineQuestions {
  /** Ask the drivers' own tools about devices, each in a child process with a time-out. Default: only count them. */
  readonly devices?: boolean;
}

/** The machine this process runs on. What costs time is read when it is first asked for, then kept. */
export function readMachineFacts(questions: MachineQuestions = {}): MachineFacts {
  const { platform } = process;
  const libc = once(() => (platform === 'linux' ? readLibc() : undefined));
  const cpuFeatures = once(() => readCpuFeatures(platform));
  const wasm = once(probeWasm);
  const drivers = once(() => readDrivers(platform));
  const devices = once(() => readDevices(drivers(), questions.devices === true));
  const loader = once(() => readLoaderFacts(platform));
  const program = once(() => readProgram(process.execPath));
  const facts = {
    host: { version: VERSION, abi: HOST_ABI },
    node: {
      version: process.versions.node,
      napi: Number(process.versions['napi'] ?? 0),
      get program() {
        return program();
      },
    },
    os: platform,
    osVersion: release(),
    cpu: process.arch,
    variables: process.env,
  };
  const lazy = { libc, cpuFeatures, wasm, drivers, devices, loader };
  for (const [name, get] of Object.entries(lazy))
    Object.defineProperty(facts, name, { get, enumerable: true });
  return facts as unknown as MachineFacts;
}

function once<T>(read: () => T): () => T {
  let held: { readonly value: T } | undefined;
  return () => {
    held ??= { value: read() };
    return held.value;
  };
}

/** Linux tells in a file, macOS for Intel by a tool of its own; elsewhere nobody can be asked. */
function readCpuFeatures(platform: string): readonly string[] | undefined {
  try {
    if (platform === 'darwin' && process.arch === 'x64') return readMacFeatures();
    if (platform !== 'linux') return undefined;
    const found = /^(?:flags|Features)\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'latin1'));
    return found?.[1]?.trim().split(/\s+/);
  } catch {
    return undefined;
  }
}

/** Apple writes AVX2 as AVX2 and SSE4.2 as SSE4.2; Linux as avx2 and sse4_2. */
function readMacFeatures(): readonly string[] {
  const names = ['machdep.cpu.features', 'machdep.cpu.leaf7_features'];
  const { stdout } = nodeChildProcess().spawnSync('/usr/sbin/sysctl', ['-n', ...names], {
    encoding: 'latin1',
    timeout: 2000,
  });
  return stdout.trim().toLowerCase().replaceAll('.', '_').split(/\s+/);
}

/** The smallest modules that validate only where the feature is there. */
const WASM_PROBES: Readonly<Record<string, readonly number[]>> = {
  // () -> v128 { i32.const 0; i8x16.splat }
  simd: [1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 0x0b],
  // shared memory of 1 page, () { atomic.fence }
  threads: [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 7, 1, 5, 0, 0xfe, 3, 0, 0x0b],
};

const WASM_HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const probeWasm = (): readonly string[] =>
  Object.keys(WASM_PROBES).filter((feature) =>
    WebAssembly.validate(Uint8Array.from([...WASM_HEADER, ...(WASM_PROBES[feature] ?? [])])),
  );
