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

/** Passes of reweighting; the weights have settled by then. */
const PASSES = 8;
/** Relative errors below this count as squares; above it a single bad time does not pull the fit away. */
const ORDINARY_ERROR = 0.05;

/**
 * The cost that explains the measurements best, none of its four unknowns negative: least absolute relative errors, by
 * least squares whose rows are reweighted by what the pass before left of them, so that what disturbed one measurement
 * does not spread. Pure.
 *
 * @param startMs - from nothing to ready, measured apart
 */
export function fitCost(startMs: number, measurements: readonly Measurement[]): Cost {
  const equations = measurements.flatMap(equationsOf).filter(({ ms }) => ms > 0);
  const rows = equations.map(({ weights, ms }) => weights.map((w) => w / ms));
  let trust = rows.map(() => 1);
  let found: readonly number[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const weighted = rows.map((row, i) => row.map((w) => w * (trust[i] ?? 1)));
    found = solveNonNegative(weighted, trust);
    trust = rows.map((row) => {
      const error = Math.abs(1 - row.reduce((sum, w, u) => sum + w * (found[u] ?? 0), 0));
      return Math.sqrt(1 / Math.max(error, ORDINARY_ERROR));
    });
  }
  const [prepare = 0, run = 0, sample = 0, byte = 0] = found;
  return {
    startMs,
    prepareNsPerVoxel: prepare * NS_PER_MS,
    runMs: run,
    nsPerSample: sample * NS_PER_MS,
    copyGBs: byte * NS_PER_MS > 1 / FASTEST_COPY ? 1 / (byte * NS_PER_MS) : 0,
  };
}

/**
 * A run by itself, and a preparation with one run: what a preparation costs whatever it prepares has no unknown of its
 * own, and belongs to the first run. Unknowns: ms per prepared voxel, ms per run, ms per sample, ms per byte.
 */
function equationsOf({ work, prepareMs, runMs }: Measurement): readonly Equation[] {
  const run = [0, 1, work.samples, work.bytesPerRun];
  const both = [work.voxels, 1, work.samples, work.bytesPrepared + work.bytesPerRun];
  return [
    { weights: both, ms: prepareMs + runMs },
    { weights: run, ms: runMs },
  ];
}
