import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GoldenCase, GoldenFormat } from '../golden-case.js';
import { lossCases } from './loss-cases.js';
import { networkCases } from './network-cases.js';
import { wholeCases } from './whole-cases.js';

type Reader = (folder: string, name: string, content: unknown) => readonly GoldenCase[];

/** What each kind of file holds, by its name. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^losses\..+\.json$/, lossCases],
  [/^e2e\..+\.json$/, wholeCases],
  [/_golden\.json$/, networkCases],
];

/** The IMPACT metric: losses, networks with their derivatives, and the whole metric. */
export const impactFormat: GoldenFormat = {
  name: 'impact (losses.*.json, e2e.*.json, *_golden.json)',
  detect: (files) => files.some((name) => readerOf(name) !== undefined),
  read: async (folder) => {
    const cases: GoldenCase[] = [];
    for (const name of (await readdir(folder)).sort()) {
      const reader = readerOf(name);
      if (reader === undefined) continue;
      const content: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
      cases.push(...reader(folder, name, content));
    }
    return cases;
  },
};

const readerOf = (name: string): Reader | undefined =>
  READERS.find(([pattern]) => pattern.test(name))?.[1];
