import { createHash } from 'node:crypto';
import type { StageInput } from './subject.js';

/**
 * The circumstances in which a plugin does what it does: its files, the host, Node.js, the C library, drivers and
 * devices. What was learnt under one fingerprint says nothing under another.
 */
export function fingerprintOf({ manifest, files, machine }: StageInput): string {
  const { host, node, os, osVersion, cpu, libc, drivers, devices } = machine;
  const facts = [...files].map(([path, facts]) => [path, facts?.size, facts?.mtimeMs, facts?.ino]);
  const circumstances = [
    manifest.id,
    manifest.version,
    facts.sort(),
    [host.version, node.version, node.napi, os, osVersion, cpu, libc?.kind, libc?.version],
    Object.entries(drivers).sort(),
    (devices ?? []).map((device) => [device.class, device.name]),
  ];
  return createHash('sha256').update(JSON.stringify(circumstances)).digest('hex');
}
