import { TABLE_CELL } from './metric-layout.js';

/** What a joint histogram says, channel by channel. */
export interface JointInformation {
  /** Mutual information in nats. */
  readonly figure: number;
  /** log(p / p_m) of each cell, 0 where nothing is: what a sample's weight in it adds. */
  readonly logs: Float64Array;
}

/**
 * The joint histogram, a row per fixed bin: Σ β(t - k) over the samples of each cell, of their cubic windows β from the
 * cell before to two behind, t from 0 to 1 within it.
 *
 * @param powers - Σ 1, Σ t, Σ t² and Σ t³ of the samples of each cell
 */
export function jointHistogram(powers: Float64Array): Float64Array {
  const counts = new Float64Array(powers.length / 4);
  for (let cell = 1; cell < counts.length - 2; cell++) {
    const [one, t, tt, ttt] = powers.subarray(4 * cell, 4 * cell + 4);
    if (one === 0) continue;
    counts[cell - 1] += (one - 3 * (t - tt) - ttt) / 6;
    counts[cell] += (4 * one - 6 * tt + 3 * ttt) / 6;
    counts[cell + 1] += (one + 3 * (t + tt - ttt)) / 6;
    counts[cell + 2] += ttt / 6;
  }
  return counts;
}

/** @param counts - a row per fixed bin, `bins` of either */
export function jointInformation(
  counts: Float64Array,
  bins: number,
  samples: number,
): JointInformation {
  const fixedMarginal = new Float64Array(bins);
  const movingMarginal = new Float64Array(bins);
  const joint = counts.map((count) => count / samples);
  for (const [at, p] of joint.entries()) {
    fixedMarginal[Math.floor(at / bins)] += p;
    movingMarginal[at % bins] += p;
  }
  const logs = joint.map((p, at) => (p > 0 ? Math.log(p / movingMarginal[at % bins]) : 0));
  let figure = 0;
  for (const [at, p] of joint.entries()) {
    if (p > 0) figure += p * (logs[at] - Math.log(fixedMarginal[Math.floor(at / bins)]));
  }
  return { figure, logs };
}

/**
 * Σ_k β'(t - k) log_k over the four moving bins about a sample at t of bin 0, k = -1 to 2, β the cubic B-spline: its
 * coefficients of 1, t and t² in every cell, times `scale`.
 */
export function slopeTable(logs: Float64Array, bins: number, scale: number): Float64Array {
  const table = new Float64Array(bins * bins * TABLE_CELL);
  for (let row = 0; row < bins; row++) {
    // The bins of samples are never nearer the ends than the padding.
    for (let bin = 1; bin < bins - 2; bin++) {
      const cell = row * bins + bin;
      const [a, b, c, d] = logs.subarray(cell - 1, cell + 3);
      const quadratic = [(c - a) / 2, a - 2 * b + c, (3 * (b - c) + d - a) / 2];
      table.set(
        quadratic.map((coefficient) => scale * coefficient),
        cell * TABLE_CELL,
      );
    }
  }
  return table;
}
