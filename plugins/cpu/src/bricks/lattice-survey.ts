import type { Breathe, Lattice } from '@voxhost/sdk';
import type { LatticeValues } from './gaze.js';
import { type IndexBox, type Interval, wholeBox } from './index-box.js';

/** Control points per axis of a cell: few beside any box that is asked for, many beside one. */
const CELL = 8;

/** The least and the largest value of each component of a lattice, cell by cell. */
export interface LatticeSurvey {
  /** Cells per axis, x y z. */
  readonly cells: readonly number[];
  /** One of each per component and cell; the least above the largest where no value is finite. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly components: number;
  readonly areFinite: boolean;
}

/** Looks at each value once, and breathes between rows of cells. */
export async function surveyLattice(
  { size, data }: Lattice,
  breathe: Breathe,
): Promise<LatticeSurvey> {
  const [x, y, z = 1] = size;
  const cells = [x, y, z].map((n) => Math.ceil(n / CELL));
  const components = size.length;
  const low = new Float64Array(components * cells[0] * cells[1] * cells[2]).fill(Infinity);
  const high = new Float64Array(low.length).fill(-Infinity);
  let areFinite = true;
  for (let row = 0; row < components * z * y; row++) {
    const slice = Math.floor(row / y);
    const component = Math.floor(slice / z);
    const [j, k] = [Math.floor((row % y) / CELL), Math.floor((slice % z) / CELL)];
    const at = cells[0] * (j + cells[1] * (k + cells[2] * component));
    const isRowFinite = surveyRow(data, row * x, x, { low, high, at });
    areFinite &&= isRowFinite;
    if (row % y === 0) await breathe(0);
  }
  return { cells, low, high, components, areFinite };
}

/** Widens the ranges of the cells along a row; are all its values finite? */
function surveyRow(
  data: Lattice['data'],
  from: number,
  count: number,
  {
    low,
    high,
    at,
  }: { readonly low: Float64Array; readonly high: Float64Array; readonly at: number },
): boolean {
  let odd = 0;
  for (let first = 0, cell = at; first < count; first += CELL, cell++) {
    let least = low[cell];
    let most = high[cell];
    const end = from + Math.min(first + CELL, count);
    for (let i = from + first; i < end; i++) {
      const value = data[i];
      const off = value - value; // 0, or not a number where the value is not finite
      odd += off;
      if (off !== 0) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    low[cell] = least;
    high[cell] = most;
  }
  return odd === 0;
}

/** The values of the cells that a box meets. Pure. */
export function valuesWithin(survey: LatticeSurvey, box: IndexBox): LatticeValues {
  const { areFinite } = survey;
  const met = [...box, ...wholeBox([1, 1, 1])].slice(0, 3).map(({ first, count }) => {
    const from = Math.floor(first / CELL);
    return { first: from, count: Math.floor((first + count - 1) / CELL) - from + 1 };
  });
  const components = Array.from({ length: survey.components }, (_, i) => rangeOf(survey, i, met));
  return { components, areFinite };
}

function rangeOf({ cells, low, high }: LatticeSurvey, component: number, met: IndexBox): Interval {
  const [x, y, z] = met;
  const range = { low: Infinity, high: -Infinity };
  for (let row = 0; row < y.count * z.count; row++) {
    const j = y.first + (row % y.count);
    const k = z.first + Math.floor(row / y.count);
    const from = x.first + cells[0] * (j + cells[1] * (k + cells[2] * component));
    for (let cell = from; cell < from + x.count; cell++) {
      if (low[cell] < range.low) range.low = low[cell];
      if (high[cell] > range.high) range.high = high[cell];
    }
  }
  return range;
}
