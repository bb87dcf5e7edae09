import type { Breathe } from '../runs/breather.js';
import type { Extension } from './fold.js';

/**
 * Poles of the inverse filter of the B-spline sampled at whole numbers, those within the unit circle.
 * M. Unser, A. Aldroubi, M. Eden, IEEE Trans. Signal Processing 41(2), 1993, table I.
 */
const POLES: { readonly [order in 2 | 3 | 4 | 5]: readonly number[] } = {
  2: [Math.sqrt(8) - 3],
  3: [Math.sqrt(3) - 2],
  4: [
    Math.sqrt(664 - Math.sqrt(438976)) + Math.sqrt(304) - 19,
    Math.sqrt(664 + Math.sqrt(438976)) - Math.sqrt(304) - 19,
  ],
  5: [
    Math.sqrt(67.5 - Math.sqrt(4436.25)) + Math.sqrt(26.25) - 6.5,
    Math.sqrt(67.5 + Math.sqrt(4436.25)) - Math.sqrt(26.25) - 6.5,
  ],
};

/**
 * Replaces the samples of a line by the coefficients c with Σ_k β(i-k) · c[fold(k)] = f[i]. Exact on lines of
 * any length: a mirrored, reflected or periodic line is filtered over its whole period, from the sum of
 * the geometric series that stands before its first sample.
 */
function prefilterLine(line: Float64Array, order: 2 | 3 | 4 | 5, extension: Extension): void {
  const period = wholePeriod(line, extension);
  for (const pole of POLES[order]) {
    filterForward(period, pole);
    period.reverse();
    filterForward(period, pole);
    period.reverse();
  }
  line.set(period.subarray(0, line.length));
}

function wholePeriod(line: Float64Array, extension: Extension): Float64Array {
  const n = line.length;
  if (extension === 'periodic') return line.slice();
  const length = extension === 'mirror' ? Math.max(1, 2 * n - 2) : 2 * n;
  const period = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    period[i] = line[i < n ? i : extension === 'mirror' ? length - i : length - 1 - i];
  }
  return period;
}

/** A power of the pole whose share of the sum no float64 shows. */
const NEGLIGIBLE = 1e-20;

/** y[k] = (1 - z) · x[k] + z · y[k-1] around the period: two such passes have gain 1 at frequency 0. */
function filterForward(x: Float64Array, z: number): void {
  const n = x.length;
  let before = 0;
  let power = 1;
  for (let k = 0; k < n && Math.abs(power) > NEGLIGIBLE; k++) {
    before += power * x[n - 1 - k];
    power *= z;
  }
  before *= (1 - z) / (1 - z ** n);
  for (let k = 0; k < n; k++) {
    before = (1 - z) * x[k] + z * before;
    x[k] = before;
  }
}

/** Samples between two looks at the clock. */
const BREATH = 16_384;

/** Filters a volume, x fastest, along every axis in place. */
export async function prefilterVolume(
  data: Float64Array,
  size: readonly number[],
  { order, extension }: { readonly order: 2 | 3 | 4 | 5; readonly extension: Extension },
  breathe: Breathe,
): Promise<void> {
  let stride = 1;
  for (const [axis, n] of size.entries()) {
    const line = new Float64Array(n);
    for (let first = 0; first < data.length; first++) {
      if (first % BREATH === 0) await breathe((axis + first / data.length) / size.length);
      if (Math.floor(first / stride) % n !== 0) continue;
      for (let i = 0; i < n; i++) line[i] = data[first + i * stride];
      prefilterLine(line, order, extension);
      for (let i = 0; i < n; i++) data[first + i * stride] = line[i];
    }
    stride *= n;
  }
}
