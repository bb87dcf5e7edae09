import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isHostError } from 'voxhost';
import type { GoldenCase, GoldenFormat, GoldenTarget, Outcome } from './golden-case.js';
import { impactFormat } from './impact/impact-format.js';
import { monaiFormat } from './monai/monai-format.js';

/** Every format this runner knows; another one is another row. */
const FORMATS: readonly GoldenFormat[] = [monaiFormat, impactFormat];

export interface GoldenOptions {
  readonly family?: string;
  /** Asked once per case; default: all. */
  readonly isTaken?: () => boolean;
  /** Told each outcome as it comes. */
  readonly report?: (outcome: Outcome, golden: GoldenCase) => void;
}

/** Runs every case of a folder in order; rejects only when neither the folder nor one in it is known to a format. */
export async function runGolden(
  folder: string,
  target: GoldenTarget,
  options: GoldenOptions = {},
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const golden of await readGolden(folder)) {
    if (options.family !== undefined && golden.family !== options.family) continue;
    if (options.isTaken?.() === false) continue;
    const outcome = await runCase(golden, target);
    options.report?.(outcome, golden);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** The cases of a folder, or, where it has none itself, those of the folders in it, by name. */
async function readGolden(folder: string): Promise<readonly GoldenCase[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const own = formatsOf(entries.map((entry) => entry.name));
  if (own.length > 0) return readFormats(folder, own);
  const cases: GoldenCase[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    const child = join(folder, name);
    cases.push(...(await readFormats(child, formatsOf(await readdir(child)))));
  }
  if (cases.length > 0) return cases;
  throw new Error(`${folder}: no golden format known (${FORMATS.map((f) => f.name).join(', ')})`);
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

const formatsOf = (files: readonly string[]): readonly GoldenFormat[] =>
  FORMATS.filter((format) => format.detect(files));

const readFormats = async (
  folder: string,
  formats: readonly GoldenFormat[],
): Promise<readonly GoldenCase[]> =>
  (await Promise.all(formats.map((format) => format.read(folder)))).flat();

async function runCase(golden: GoldenCase, target: GoldenTarget): Promise<Outcome> {
  const { id } = golden;
  if (golden.skip !== undefined) return { kind: 'skipped', id, reason: golden.skip };
  try {
    return { kind: 'passed', id, error: await golden.run(target) };
  } catch (error) {
    if (isUnclaimed(error)) return { kind: 'skipped', id, reason: error.fields.reason };
    return { kind: 'failed', id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** A backend that was asked for by name and does not claim what the case needs. */
const isUnclaimed = (error: unknown): error is { fields: { reason: string } } =>
  isHostError(error, 'REQUIRED_BACKEND') || isHostError(error, 'NO_BACKEND');

export const closingLine = (outcomes: readonly Outcome[]): string => {
  const count = (kind: Outcome['kind']): number => outcomes.filter((o) => o.kind === kind).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
};
