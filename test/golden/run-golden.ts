import { readdir } from 'node:fs/promises';
import { isHostError } from 'voxhost';
import type { GoldenCase, GoldenFormat, GoldenTarget, Outcome } from './golden-case.js';
import { impactFormat } from './impact/impact-format.js';
import { monaiFormat } from './monai/monai-format.js';

/** Every format this runner knows; another one is another row. */
const FORMATS: readonly GoldenFormat[] = [monaiFormat, impactFormat];

export interface GoldenOptions {
  readonly family?: string;
  /** Told each outcome as it comes. */
  readonly report?: (outcome: Outcome, golden: GoldenCase) => void;
}

/** Runs every case of a folder in order; rejects only when the folder is none that a format knows. */
export async function runGolden(
  folder: string,
  target: GoldenTarget,
  options: GoldenOptions = {},
): Promise<readonly Outcome[]> {
  const files = await readdir(folder);
  const formats = FORMATS.filter((format) => format.detect(files));
  if (formats.length === 0) {
    throw new Error(`${folder}: no golden format known (${FORMATS.map((f) => f.name).join(', ')})`);
  }
  const outcomes: Outcome[] = [];
  for (const format of formats) {
    for (const golden of await format.read(folder)) {
      if (options.family !== undefined && golden.family !== options.family) continue;
      const outcome = await runCase(golden, target);
      options.report?.(outcome, golden);
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

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
