import type { Cost } from '@voxhost/sdk';
import type { Workload } from './workload.js';

/** Milliseconds over all the demanded runs, by part, so that an explanation can show what dominates. */
export interface Prediction {
  readonly totalMs: number;
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
  readonly basis: Prediction['basis'];
}

const NS_PER_MS = 1e6;

/** start + prepare + runs · (per run + per sample) + every byte moved at the declared bandwidth. */
export function predict(cost: Cost, work: Workload, circumstances: Circumstances): Prediction {
  const startMs = circumstances.isActive ? 0 : cost.startMs;
  const prepareMs = (cost.prepareNsPerVoxel * work.voxels) / NS_PER_MS;
  const runMs = work.runs * (cost.runMs + (cost.nsPerSample * work.samples) / NS_PER_MS);
  const bytes = work.bytesPrepared + work.runs * work.bytesPerRun;
  const copyMs = cost.copyGBs > 0 ? bytes / cost.copyGBs / NS_PER_MS : 0; // 1 GB/s is 1e6 bytes per ms
  const totalMs = startMs + prepareMs + runMs + copyMs;
  return { totalMs, startMs, prepareMs, runMs, copyMs, basis: circumstances.basis };
}
