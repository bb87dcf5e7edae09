import type {
  IndexMap,
  Metric,
  MetricRun,
  Operation,
  Prepared,
  Resample,
  Resampled,
  ResampleRun,
  Runs,
} from '@voxhost/sdk';
import { requireRun } from '../loading/process/require-run.js';
import { runInBlocks } from './blocks.js';
import { brokenMetric, brokenResample } from './check-result.js';
import { guardRun } from './guard-run.js';

/** What was prepared, and how it may be asked. */
export interface Asked<O extends Operation> {
  readonly operation: O;
  readonly prepared: Prepared<O['kind']>;
  /** Samples that one run may have, where memory splits it. */
  readonly mostSamples?: number;
  /** The error for an answer that breaks the contract, so that the call moves on. */
  readonly broken: (reason: string) => Error;
}

/** Runs what fits the operation, and gives no answer that is not of the right shape or not wholly written. */
export async function askBackend<O extends Operation>(
  asked: Asked<O>,
  map: IndexMap,
  run: Runs[O['kind']][0],
): Promise<Runs[O['kind']][1]> {
  const { operation } = asked;
  const answer =
    operation.kind === 'resample'
      ? askResample(asked as unknown as Asked<Resample>, map, run as ResampleRun)
      : askMetric(asked as unknown as Asked<Metric>, map, run as MetricRun);
  return (await answer) as Runs[O['kind']][1];
}

function askResample(asked: Asked<Resample>, map: IndexMap, run: ResampleRun): Promise<Resampled> {
  const { operation, mostSamples } = asked;
  if (mostSamples === undefined) return askOnce(asked, map, run);
  return runInBlocks(operation, { map, run, most: mostSamples }, (part, block) =>
    askOnce(asked, part, block),
  );
}

async function askOnce(
  { operation, prepared, broken }: Asked<Resample>,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const guarded = guardRun(operation, run);
  const result = await prepared.run(map, guarded.run);
  const reason = brokenResample(operation, map, guarded.run, result) ?? guarded.problem();
  if (reason === undefined) return result;
  requireRun(operation, map, run); // a buffer that was given away meanwhile is not the plugin's fault
  throw broken(reason);
}

async function askMetric(
  { operation, prepared, broken }: Asked<Metric>,
  map: IndexMap,
  run: MetricRun,
) {
  const result = await prepared.run(map, run);
  const reason = brokenMetric(map, run, result);
  if (reason === undefined) return result;
  requireRun(operation, map, run);
  throw broken(reason);
}
