import type { Cost } from '@voxhost/sdk';
import { predict } from '../../cost/predict.js';
import type { Measurement } from './measurement.js';

/** How far predictions are from measured times, relative to the measured. */
export interface PredictionError {
  readonly median: number;
  readonly largest: number;
}

/** Of prepare and run together, start left out. Best asked for measurements that the fit has not seen. */
export function predictionError(cost: Cost, measurements: readonly Measurement[]): PredictionError {
  const errors = measurements
    .map(({ work, prepareMs, runMs }) => {
      const once = { ...work, runs: 1 };
      const { totalMs } = predict(cost, once, { isActive: true, basis: 'calibrated' });
      return Math.abs(totalMs - prepareMs - runMs) / (prepareMs + runMs);
    })
    .sort((a, b) => a - b);
  const median = errors[Math.floor(errors.length / 2)];
  const largest = errors.at(-1);
  return { median: median ?? Number.NaN, largest: largest ?? Number.NaN };
}
