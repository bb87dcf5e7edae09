import type { Cost } from '@voxhost/sdk';
import type { Workload } from './workload.js';

/** Milliseconds over all the demanded runs, by part, so that an explanation can show what dominates. */
export interface Prediction {
  readonly totalMs: number;
  /** The part that does not grow with the images: the start and what every run costs. */
  readonly fixedMs: number;
  readonly startMs: number;
  readonly prepareMs: number;
  readonly runMs: number;
  readonly copyMs: number;
  readonly basis: 'manifest' | 'calibrated';
}

/** What the predictor is told beside the cost block. */
export interface Circumstances {
  /** An active backend does not start again. */
  readonly isActive: boolean;
  /** Milliseconds since it began to start, where it is at that: only the rest is to be waited for. */
  readonly startingForMs?: number | undefined;
  readonly basis: Prediction['basis'];
  /** It runs in a process of its own. What was calibrated was measured with that. */
  readonly isIsolated?: boolean;
}

const NS_PER_MS = 1e6;

/**
 * What a process of its own costs besides the work, as test/bench/results/isolation-tax.json has it on two cores:
 * its start, each run's way there and back, and bytes through the pipe. A prior, as the manifest's figures are.
 */
const ISOLATION = { startMs: 100, runMs: 0.2, copyGBs: 1 } as const;
const NO_ISOLATION = { startMs: 0, runMs: 0, copyGBs: Number.POSITIVE_INFINITY } as const;

/** start + prepare + runs · (per run + per sample) + every byte moved at the declared bandwidth. */
export function predict(cost: Cost, work: Workload, circumstances: Circumstances): Prediction {
  const { isActive, startingForMs = 0, isIsolated = false, basis } = circumstances;
  const tax = isIsolated && basis === 'manifest' ? ISOLATION : NO_ISOLATION;
  const startMs = isActive ? 0 : Math.max(0, cost.startMs + tax.startMs - startingForMs);
  const prepareMs = (cost.prepareNsPerVoxel * work.voxels) / NS_PER_MS;
  const fixedMs = startMs + work.runs * (cost.runMs + tax.runMs);
  const runMs = fixedMs - startMs + (work.runs * cost.nsPerSample * work.samples) / NS_PER_MS;
  const bytes = work.bytesPrepared + work.runs * work.bytesPerRun;
  const own = cost.copyGBs > 0 ? bytes / cost.copyGBs : 0;
  const copyMs = (own + bytes / tax.copyGBs) / NS_PER_MS; // 1 GB/s is 1e6 bytes per ms
  const totalMs = startMs + prepareMs + runMs + copyMs;
  return { totalMs, fixedMs, startMs, prepareMs, runMs, copyMs, basis };
}
