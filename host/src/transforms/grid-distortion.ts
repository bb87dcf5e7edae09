import { voxelCount } from '@voxhost/sdk';
import { translation } from '../lazy/matrices.js';
import type { DefinedTransform, RandomTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { bad, declare, defined, perAxis, type SamplingParams } from './define.js';
import { displaced } from './field-params.js';
import { modesOf, type Range, randomly, within } from './randomly.js';

export type GridDistortionParams = SamplingParams & {
  /** Cells per axis. Default 5. */
  readonly num_cells?: number | readonly number[];
  /** For every axis the factors by which its cells, and the rest behind them, are stretched. */
  readonly distort_steps: readonly (readonly number[])[];
};

/** Stretches the cells of a regular grid, linearly within each. */
export function gridDistortion(params: GridDistortionParams): DefinedTransform {
  return defined('GridDistortion', params, (viewport) => {
    const size = sizeOf(viewport);
    const cells = perAxis(params.num_cells ?? 5, size.length);
    const shifts = size.map((n, a) => axisShifts(n, cells[a], params.distort_steps[a]));
    const count = voxelCount(size);
    const data = new Float64Array(count * size.length).map((_, i) => {
      const axis = Math.floor(i / count);
      return shifts[axis][Math.floor((i % count) / voxelCount(size.slice(0, axis))) % size[axis]];
    });
    const map = translation(size.map(() => 0));
    const sampling = declare(params, { mode: 'bilinear', padding: 'border' });
    const lattice = { size, order: 1, outside: 'edge', data } as const;
    return [displaced(viewport, { map, extent: viewport.extent }, lattice, { sampling })];
  });
}

/** Position less index of every voxel of an axis: each cell is laid out evenly between its stretched ends. */
function axisShifts(n: number, cells: number, steps: readonly number[] | undefined): Float64Array {
  if (steps === undefined || steps.length <= cells) {
    throw bad('distort_steps', `needs ${cells + 1} factors for each axis`);
  }
  const cell = Math.floor(n / cells);
  const shifts = new Float64Array(n);
  let previous = 0;
  for (let c = 0; c <= cells; c++) {
    const start = c * cell;
    const over = start + cell > n;
    const end = over ? n : start + cell;
    const next = over ? n : previous + cell * steps[c];
    for (let i = start; i < end; i++) {
      const share = end - start > 1 ? (i - start) / (end - start - 1) : 0;
      shifts[i] = previous + (next - previous) * share - i;
    }
    previous = next;
  }
  return shifts;
}

export type RandGridDistortionParams = SamplingParams & {
  /** Cells per axis. Default 5. */
  readonly num_cells?: number | readonly number[];
  /** Default 0.1. */
  readonly prob?: number;
  /** Factors are 1 plus a number of this range. Default 0.03. */
  readonly distort_limit?: Range;
};

/** `gridDistortion` by a drawn factor for each cell. */
export function randGridDistortion(params: RandGridDistortionParams = {}): RandomTransform {
  const { prob = 0.1, num_cells = 5, distort_limit = 0.03 } = params;
  return randomly('RandGridDistortion', params, prob, (random, viewport) => {
    const cells = perAxis(num_cells, viewport.extent.length);
    const distort_steps = cells.map((n) =>
      Array.from({ length: n + 1 }, () => 1 + within(random, distort_limit)),
    );
    return (modes) => [gridDistortion({ ...modesOf(modes, params), num_cells, distort_steps })];
  });
}
