import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GoldenCase, GoldenFormat } from '../golden-case.js';
import type { CaseFile, CaseRunner, MonaiCase } from './monai-case.js';
import { runAffine } from './run-affine.js';
import { runCompose } from './run-compose.js';
import { runGrid } from './run-grid.js';
import { runPad } from './run-pad.js';
import { runInverse, runPipeline, runSamples, runSegments } from './run-pipeline.js';
import { runFlags, runSchedule } from './run-schedule.js';

/** Who runs each kind of case. */
const RUNNERS: { readonly [kind: string]: CaseRunner } = {
  affine: runAffine,
  grid: runGrid,
  compose: runCompose,
  pad: runPad,
  pipeline: runPipeline,
  pipeline_flags: runFlags,
  segments: runSegments,
  samples: runSamples,
  inverse_single: runInverse,
  inverse_stepwise: runInverse,
  schedule: runSchedule,
};

/** `cases.json` with raw arrays beside it. */
export const monaiFormat: GoldenFormat = {
  name: 'cases.json',
  detect: (files) => files.includes('cases.json'),
  read: async (folder) => {
    const file: CaseFile = JSON.parse(await readFile(join(folder, 'cases.json'), 'utf8'));
    return file.cases.map((golden) => asGoldenCase(golden, file, folder));
  },
};

function asGoldenCase(golden: MonaiCase, file: CaseFile, folder: string): GoldenCase {
  const { id, family } = golden;
  const runner = RUNNERS[golden.kind];
  const skip = skipReason(golden, runner);
  const run: GoldenCase['run'] = async (target) => {
    if (runner === undefined) throw new Error(`kind "${golden.kind}" is not known`);
    return runner(golden, { ...target, folder, inputs: file.inputs });
  };
  return { id, family, ...(skip !== undefined && { skip }), run };
}

function skipReason(golden: MonaiCase, runner: CaseRunner | undefined): string | undefined {
  if (golden.quirk === true) return `quirk not to be copied: ${golden.note ?? golden.family}`;
  return runner === undefined ? `kind "${golden.kind}" is not known` : undefined;
}
