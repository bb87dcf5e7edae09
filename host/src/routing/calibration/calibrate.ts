import type { Backend, CapabilityBlock } from '@voxhost/sdk';
import type { Candidate } from '../candidate.js';
import type { CalibratedBlock, CalibratedPlugin } from './cost-book.js';
import { executeMeasurement } from './execute-measurement.js';
import { fitCost } from './fit-cost.js';
import type { Measurement } from './measurement.js';
import { type PredictionError, predictionError } from './prediction-error.js';
import { sampleOperations } from './sample-operations.js';

/** Cubes that the fit sees, and those that judge it. */
const FITTED_SIZES = [16, 32, 64, 128];
const JUDGED_SIZES = [24, 48, 96];
/** A backend that takes longer for one size is not asked for a larger one, in milliseconds. */
const LONGEST_RUN_MS = 1000;

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
      blocks.push(await calibrateBlock(backend, block, startMs, services.signal));
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

async function calibrateBlock(
  backend: Backend,
  block: CapabilityBlock,
  startMs: number,
  signal: AbortSignal | undefined,
): Promise<CalibratedBlock> {
  const fitted = await measure(backend, block, { sizes: FITTED_SIZES, signal });
  const cost = fitCost(startMs, fitted);
  const judged = await measure(backend, block, { sizes: JUDGED_SIZES, signal });
  const error: PredictionError = predictionError(cost, judged);
  return { cost, error };
}

async function measure(
  backend: Backend,
  block: CapabilityBlock,
  {
    sizes,
    signal,
  }: { readonly sizes: readonly number[]; readonly signal: AbortSignal | undefined },
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    const some: Measurement[] = [];
    for (const operation of sampleOperations(block, [size])) {
      some.push(await executeMeasurement(backend, operation, signal));
    }
    measurements.push(...some);
    if (some.some(({ prepareMs, runMs }) => prepareMs + runMs > LONGEST_RUN_MS)) break;
  }
  return measurements;
}
