import type { MachineFacts } from '#host/compatibility/machine-facts.js';

/** A Linux machine as they are today, with some facts replaced. */
export const machineOf = (changes: Partial<MachineFacts> = {}): MachineFacts => ({
  host: { version: '0.1.0', abi: { name: 'voxhost-backend', min: 1, max: 1 } },
  node: { version: '20.20.2', napi: 9 },
  os: 'linux',
  osVersion: '6.1.0-18-amd64',
  cpu: 'x64',
  libc: { kind: 'glibc', version: '2.36' },
  cpuFeatures: ['sse2', 'avx2'],
  drivers: {},
  wasm: ['simd', 'threads'],
  loader: { kind: 'elf', libraryPath: [], cache: new Map(), folders: [] },
  ...changes,
});
