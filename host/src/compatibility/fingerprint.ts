import { nodeCrypto } from '../node-builtins.js';
import type { StageInput } from './subject.js';

/** Variables that change what any plugin finds, besides those that its manifest names. */
const RELEVANT_VARIABLES = ['LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES', 'NVIDIA_VISIBLE_DEVICES'];

export type Circumstances = Pick<StageInput, 'manifest' | 'files' | 'machine'>;

/**
 * The circumstances in which a plugin does what it does: its files, the host, Node.js, the C library, drivers,
 * devices and the variables that the plugin sees. What was learnt under one fingerprint says nothing under another.
 */
export function fingerprintOf({ manifest, files, machine }: Circumstances): string {
  const { host, node, os, osVersion, cpu, libc, drivers, devices, variables = {} } = machine;
  const relevant = [...RELEVANT_VARIABLES, ...(manifest.permissions?.env ?? [])];
  const facts = [...files].map(([path, facts]) => [path, facts?.size, facts?.mtimeMs, facts?.ino]);
  const circumstances = [
    manifest.id,
    manifest.version,
    facts.sort(),
    [host.version, node.version, node.napi, os, osVersion, cpu, libc?.kind, libc?.version],
    Object.entries(drivers).sort(),
    // Their names are not always asked for, and must not make a difference then.
    (devices ?? []).map((device) => device.class).sort(),
    relevant.map((name) => variables[name] ?? null),
  ];
  return nodeCrypto().createHash('sha256').update(JSON.stringify(circumstances)).digest('hex');
}
