import { resolve } from 'node:path';
import {
  hypotheticalMachine,
  type MachineDescription,
} from '../compatibility/hypothetical-machine.js';
import { DEFAULT_POLICY } from '../compatibility/policy.js';
import { readMachineFacts } from '../compatibility/read-machine-facts.js';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { judgeManifest } from '../discovery/discover.js';
import { createDiskSource } from '../files/disk-source.js';

/** Judges one manifest with all its files for this machine or a described one. Runs none of its code. */
export function executeCheck(
  file: string,
  description: MachineDescription,
): Promise<CatalogueEntry> {
  const facts = hypotheticalMachine(readMachineFacts({ devices: true }), description);
  return judgeManifest(resolve(file), {
    facts,
    policy: DEFAULT_POLICY,
    source: createDiskSource(),
  });
}
