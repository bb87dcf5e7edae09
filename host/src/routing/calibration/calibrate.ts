import type { Backend, CapabilityBlock, Operation } from '@voxhost/sdk';
import type { Candidate } from '../candidate.js';
import type { CalibratedBlock, CalibratedPlugin } from './cost-book.js';
import { executeMeasurement } from './execute-measurement.js';
import { fitCost } from './fit-cost.js';
import { type Measurement, shortest } from './measurement.js';
import { type PredictionError, predictionError } from './prediction-error.js';
import { sampleOperations } from './sample-operations.js';

/** Edges of cubes; the fit sees every other one, those between judge it. */
const SIZES = [8, 12, 16, 24, 32, 48, 64, 96, 128];
/** The largest that were measured count: the smallest are for backends that are too slow for others. */
const COUNTED_SIZES = 7;
/** Looks at every size, one after the other, so that a disturbance spoils one look and not one size. */
const ROUNDS = 3;
/** A backend that takes longer for one size is not asked for a larger one, in milliseconds. */
const LONGEST_RUN_MS = 150;

export interface CalibrationServices {
  /** Times the way from nothing to ready. */
  acquire(candidate: Candidate): Promise<Backend>;
  fingerprint(candidate: Candidate): Promise<string>;
  /** ISO 8601. */
  now(): string;
  progress?(text: string): void;
  readonly signal?: AbortSignal;
}

/** What a calibration found for one plugin; `failures` says which block could not be measured, and why. */
export interface Calibration {
  readonly candidate: Candidate;
  readonly calibrated: CalibratedPlugin;
  readonly failures: readonly string[];
}

/** Measures every capability block of one plugin. Rejects where the plugin cannot be activated, and when aborted. */
export async function calibratePlugin(
  candidate: Candidate,
  services: CalibrationServices,
): Promise<Calibration> {
  const started = performance.now();
  const backend = await services.acquire(candidate);
  const startMs = performance.now() - started;
  const blocks: (CalibratedBlock | null)[] = [];
  const failures: string[] = [];
  for (const [n, block] of candidate.capabilities.entries()) {
    services.progress?.(
      `${candidate.name}: ${nameOf(block)} (${n + 1} of ${candidate.capabilities.length})`,
    );
    try {
      const asked = askedOf(candidate.capabilities, n);
      blocks.push(await calibrateBlock(backend, asked, startMs, services.signal));
    } catch (error) {
      services.signal?.throwIfAborted();
      blocks.push(null);
      failures.push(`${nameOf(block)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const fingerprint = await services.fingerprint(candidate);
  return { candidate, failures, calibrated: { fingerprint, measuredAt: services.now(), blocks } };
}

/** What a block is about, for people. */
export const nameOf = (block: CapabilityBlock): string =>
  block.op === 'metric' ? `metric ${block.name}` : `resample ${String(block.interpolators)}`;

/** Of one block, by size. */
type Asked = readonly (readonly Operation[])[];

function askedOf(blocks: readonly CapabilityBlock[], n: number): Asked {
  const [block] = blocks.slice(n);
  if (block === undefined) return [];
  return SIZES.map((size) => sampleOperations(block, [size], blocks.slice(0, n)));
}

async function calibrateBlock(
  backend: Backend,
  asked: Asked,
  startMs: number,
  signal: AbortSignal | undefined,
): Promise<CalibratedBlock> {
  const bySize = (await measure(backend, asked, signal)).slice(-COUNTED_SIZES);
  const isFitted = (_: unknown, index: number): boolean => index % 2 === 0;
  const cost = fitCost(startMs, bySize.filter(isFitted).flat());
  const judged = bySize.filter((_, index) => !isFitted(_, index)).flat();
  const error: PredictionError = predictionError(cost, judged);
  return { cost, error };
}

/** The shortest times of every operation, by size. */
async function measure(
  backend: Backend,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly Measurement[])[]> {
  let bySize = await measureGrowing(backend, asked, signal);
  for (let round = 1; round < ROUNDS; round++) {
    const again = await measureGrowing(backend, asked.slice(0, bySize.length), signal);
    bySize = bySize.map((some, n) => some.map((m, k) => shortest(m, again[n]?.[k] ?? m)));
  }
  return bySize;
}

/** One look at each operation, small ones first, until they take too long. */
async function measureGrowing(
  backend: Backend,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly Measurement[])[]> {
  const bySize: Measurement[][] = [];
  for (const operations of asked) {
    const some: Measurement[] = [];
    for (const operation of operations) {
      some.push(await executeMeasurement(backend, operation, signal));
    }
    bySize.push(some);
    if (some.some(({ prepareMs, runMs }) => prepareMs + runMs > LONGEST_RUN_MS)) break;
  }
  return bySize;
}
