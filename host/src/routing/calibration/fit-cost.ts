import type { Cost } from '@voxhost/sdk';
import type { Measurement } from './measurement.js';
import { solveNonNegative } from './non-negative.js';

const NS_PER_MS = 1e6;
/** A copy faster than this is not seen in the times; the model then has none. GB/s. */
const FASTEST_COPY = 1000;

/** One equation: what each unknown counts for, and the milliseconds they add up to. */
interface Equation {
  readonly weights: readonly number[];
  readonly ms: number;
}

/**
 * The cost that explains the measurements best: least squares of relative errors over the four unknowns of
 * `predict`, none negative. Prepare and run share the cost of a byte. Pure.
 *
 * @param startMs - from nothing to ready, measured apart
 */
export function fitCost(startMs: number, measurements: readonly Measurement[]): Cost {
  const equations = measurements.flatMap(equationsOf).filter(({ ms }) => ms > 0);
  const rows = equations.map(({ weights, ms }) => weights.map((w) => w / ms));
  const [prepare = 0, run = 0, sample = 0, byte = 0] = solveNonNegative(
    rows,
    rows.map(() => 1),
  );
  return {
    startMs,
    prepareNsPerVoxel: prepare * NS_PER_MS,
    runMs: run,
    nsPerSample: sample * NS_PER_MS,
    copyGBs: byte * NS_PER_MS > 1 / FASTEST_COPY ? 1 / (byte * NS_PER_MS) : 0,
  };
}

/** Unknowns: ms per prepared voxel, ms per run, ms per sample, ms per byte. */
function equationsOf({ work, prepareMs, runMs }: Measurement): readonly Equation[] {
  return [
    { weights: [work.voxels, 0, 0, work.bytesPrepared], ms: prepareMs },
    { weights: [0, 1, work.samples, work.bytesPerRun], ms: runMs },
  ];
}
