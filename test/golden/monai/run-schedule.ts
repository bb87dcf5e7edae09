import { isDeepStrictEqual } from 'node:util';
import { schedule } from 'voxhost/lazy';
import type { CaseRunner, MonaiOp } from './monai-case.js';
import { runPipeline } from './run-pipeline.js';

interface ExpectedSchedule {
  readonly events: readonly (readonly [action: string, pending: number, op: string])[];
  readonly resamples: number;
}

/** `Intensity` stands for any operation that is never deferred. */
const scheduled = ({ op, lazy }: MonaiOp) => ({
  name: op,
  kind:
    op === 'ApplyPending' || op === 'Intensity' ? ('apply-pending' as const) : ('defined' as const),
  ...(lazy !== undefined && { lazy }),
});

/** What is deferred and what is applied, decided without data. */
export const runSchedule: CaseRunner = async (golden) => {
  const expected = golden.expect as ExpectedSchedule;
  const found = schedule(golden.ops.map(scheduled), golden.lazy ?? null);
  const events = found.events.map(({ action, pending, name }) => [action, pending, name]);
  if (!isDeepStrictEqual(events, expected.events)) {
    throw new Error(`events ${JSON.stringify(events)} where ${JSON.stringify(expected.events)}`);
  }
  if (found.resamples !== expected.resamples) {
    throw new Error(`${found.resamples} resamples where ${expected.resamples} are expected`);
  }
  return 0;
};

/** A pipeline that leaves it to each operation, and how often it resamples. */
export const runFlags: CaseRunner = async (golden, context) => {
  const { resamples } = schedule(golden.ops.map(scheduled), golden.lazy ?? null);
  if (golden.resample_calls !== undefined && resamples !== golden.resample_calls) {
    throw new Error(`${resamples} resamples where ${golden.resample_calls} are expected`);
  }
  return runPipeline(golden, context);
};
