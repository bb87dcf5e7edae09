import {
  asVolume,
  type IndexMap,
  mapMembers,
  outputOf,
  type PreparedParts,
  type Resample,
  type Resampled,
  type ResampleRun,
  requireFiniteForSpline,
  requireResampleRun,
} from '@voxhost/sdk';
import type { Held } from './device-memory.js';
import { isOutOfMemory } from './driver-error.js';
import type { Engine } from './engine.js';
import { createWork, executeBlocks } from './execute-blocks.js';
import { executeParts, type Places } from './execute-parts.js';
import type { ResidentSource } from './load-pixels.js';
import { RULES } from './parameters.js';
import { type Allowance, createAllowance } from './parts/allowance.js';
import { prepareSource } from './prepare-source.js';
import { samplingRules } from './sampling-rules.js';

interface Resampling {
  readonly engine: Engine;
  readonly operation: Resample;
  /** Absent for a source that has no room as a whole. */
  readonly source: ResidentSource | undefined;
  readonly rules: Uint8Array;
  readonly allowance: Allowance;
}

/** Brings the source to the device, where it stays for all runs; where it has no room, runs bring what they need of it. */
export async function prepareResample(
  engine: Engine,
  operation: Resample,
  signal: AbortSignal | undefined,
): Promise<PreparedParts<'resample'>> {
  requireFiniteForSpline(operation);
  const source = await holdSource(engine, operation);
  if (signal?.aborted === true) source?.[Symbol.dispose]();
  signal?.throwIfAborted();
  const { interpolator, boundary, gradient } = operation;
  const rules = RULES.pack({
    ...samplingRules(interpolator, boundary),
    gradient: gradient ? 1 : 0,
  });
  const allowance = createAllowance(engine, source !== undefined);
  const resampling: Resampling = { engine, operation, source: source?.value, rules, allowance };
  return {
    run: (map, run) => executeRun(resampling, map, run),
    dispose() {
      source?.[Symbol.dispose]();
    },
  };
}

/** Undefined where it has no room. */
export async function holdSource(
  engine: Engine,
  operation: Resample,
): Promise<Held<ResidentSource> | undefined> {
  try {
    return await prepareSource(engine, operation);
  } catch (error) {
    if (isOutOfMemory(error)) return undefined;
    throw error;
  }
}

async function executeRun(
  { allowance, source, ...resampling }: Resampling,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const { engine, operation } = resampling;
  const shape = requireResampleRun(operation, map, run);
  run.signal?.throwIfAborted();
  const data = outputOf(operation, run, shape);
  const places = placesOf(map, run);
  const steps = mapMembers(map);
  const sampling = { engine, operation, source, steps, places };
  if (shape.samples > 0) {
    await allowance.within((most) => {
      const work = createWork(resampling, { data, shape, places }, run);
      return executeParts(sampling, most, (part) => executeBlocks(work, part, most));
    });
  }
  run.progress?.(1);
  return { data };
}

function placesOf(map: IndexMap, { samples }: ResampleRun): Places {
  if (map.kind === 'points') return { kind: 'list', points: map.positions };
  if ('points' in samples) return { kind: 'list', points: samples.points };
  const { size, start = size.map(() => 0) } = samples;
  return { kind: 'grid', size: asVolume(size), start: [start[0], start[1], start[2] ?? 0] };
}
