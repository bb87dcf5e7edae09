import {
  type IndexMap,
  outputOf,
  type Prepared,
  type Resample,
  type Resampled,
  type ResampleRun,
  type RunQueue,
  requireFiniteForSpline,
  requireResampleRun,
} from '@voxhost/sdk';
import type { Held } from './device-memory.js';
import { isOutOfMemory } from './driver-error.js';
import type { Engine } from './engine.js';
import { executeBlocks, type Work } from './execute-blocks.js';
import { prepareMap } from './map-parameters.js';
import { RULES } from './parameters.js';
import { prepareSource, type ResidentSource } from './prepare-source.js';
import { asVolume, chooseKernel, isStreamable } from './resample-rules.js';
import { samplingRules } from './sampling-rules.js';

type Resampling = Pick<Work, 'engine' | 'operation' | 'source' | 'rules'>;

/** Brings the source to the device, where it stays for all runs; where it has no room, runs bring what they need of it. */
export async function prepareResample(
  engine: Engine,
  operation: Resample,
  queue: RunQueue,
  signal: AbortSignal | undefined,
): Promise<Prepared<'resample'>> {
  requireFiniteForSpline(operation);
  const source = await holdSource(engine, operation);
  if (signal?.aborted === true) source?.[Symbol.dispose]();
  signal?.throwIfAborted();
  const { interpolator, boundary, gradient } = operation;
  const rules = RULES.pack({
    ...samplingRules(interpolator, boundary),
    gradient: gradient ? 1 : 0,
  });
  const resampling: Resampling = { engine, operation, source: source?.value, rules };
  return {
    run: (map, run) => queue.enqueue(() => executeRun(resampling, map, run)),
    async [Symbol.asyncDispose]() {
      await queue.close();
      source?.[Symbol.dispose]();
    },
  };
}

async function holdSource(
  engine: Engine,
  operation: Resample,
): Promise<Held<ResidentSource> | undefined> {
  try {
    return await prepareSource(engine, operation);
  } catch (error) {
    if (isOutOfMemory(error) && isStreamable(operation)) return undefined;
    throw error;
  }
}

async function executeRun(
  resampling: Resampling,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const { engine, operation } = resampling;
  const shape = requireResampleRun(operation, map, run);
  run.signal?.throwIfAborted();
  const data = outputOf(operation, run, shape);
  const dims = operation.source.grid.size.length;
  const points = pointsOf(map, run);
  const { hasAffine } = chooseKernel(operation);
  using parameters = await prepareMap(engine, map, { dims, points, hasAffine });
  const { size, start = size.map(() => 0) } =
    points === undefined && 'size' in run.samples
      ? run.samples
      : { size: [shape.samples, 1, 1], start: [0, 0, 0] };
  const work: Work = {
    ...resampling,
    map,
    parameters,
    data,
    shape,
    size: asVolume(size),
    start: [start[0], start[1], start[2] ?? 0],
    isList: points !== undefined,
  };
  await engine.lanes.exclusive(() => executeBlocks(work, run));
  run.progress?.(1);
  return { data };
}

function pointsOf(map: IndexMap, { samples }: ResampleRun): Float64Array | undefined {
  if (map.kind === 'points') return map.positions;
  return 'points' in samples ? samples.points : undefined;
}
