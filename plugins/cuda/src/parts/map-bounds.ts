import type { AffineMap, FieldMap, Lattice } from '@voxhost/sdk';
import type { Box, Span, Spans, Stretch } from './box.js';

/** Where a map takes the points of a box. */
export interface MapBounds {
  /** Every position lies within; also some that are none may. */
  readonly positions: Spans;
  /** By step: the control points that the field of a step is made of there; undefined for an affine. */
  readonly lattices: readonly (Box | undefined)[];
}

/** The bounds of steps that are applied first to last. */
export function mapBounds(steps: readonly (AffineMap | FieldMap)[], box: Spans): MapBounds {
  let positions = box;
  const lattices: (Box | undefined)[] = [];
  for (const step of steps) {
    const reached = step.kind === 'field' ? latticeBox(step, positions) : undefined;
    lattices.push(reached);
    const through = applyRows(step.matrix, 1, positions);
    positions =
      step.kind === 'field' && reached !== undefined
        ? add(through, displacements(step, reached))
        : through;
  }
  return { positions, lattices };
}

const NOTHING: Span = { low: 0, high: 0 };

/** Rows of a matrix of D columns and so many more, which are added; of a picture z stays 0. */
function applyRows(matrix: Float64Array, more: 0 | 1, box: Spans): Spans {
  const dims = matrix.length === 6 || matrix.length === 4 ? 2 : 3;
  const row = (r: number): Span => {
    if (r >= dims) return NOTHING;
    const at = r * (dims + more);
    let [low, high] = more === 1 ? [matrix[at + dims], matrix[at + dims]] : [0, 0];
    for (let axis = 0; axis < dims; axis++) {
      const ends = [matrix[at + axis] * box[axis].low, matrix[at + axis] * box[axis].high];
      low += Math.min(...ends);
      high += Math.max(...ends);
    }
    return { low, high };
  };
  return [row(0), row(1), row(2)];
}

const add = (a: Spans, b: Spans): Spans => [sum(a[0], b[0]), sum(a[1], b[1]), sum(a[2], b[2])];

const sum = (a: Span, b: Span): Span => ({ low: a.low + b.low, high: a.high + b.high });

/** Taps of the field's cells, and one for rounding. */
function latticeBox({ lookup, lattice }: FieldMap, box: Spans): Box {
  const there = applyRows(lookup, 1, box);
  const axis = (a: 0 | 1 | 2): Stretch => {
    const last = (lattice.size[a] ?? 1) - 1;
    const reach = lattice.order === 1 ? 1 : 2;
    const within = (index: number): number =>
      Number.isNaN(index) ? 0 : Math.min(Math.max(index, 0), last);
    const first = within(Math.floor(there[a].low) - reach);
    const end = within(Math.floor(there[a].high) + 1 + reach);
    return { first, count: end - first + 1 };
  };
  return [axis(0), axis(1), axis(2)];
}

/** B-splines of control points lie between the least and the largest of them, and 0 where the lattice ends. */
function displacements({ vectors, lattice }: FieldMap, box: Box): Spans {
  const dims = lattice.size.length;
  const component = (which: number): Span => (which < dims ? range(lattice, which, box) : NOTHING);
  return applyRows(vectors, 0, [component(0), component(1), component(2)]);
}

function range(lattice: Lattice, component: number, [x, y, z]: Box): Span {
  const [nx, ny, nz = 1] = lattice.size;
  const none = lattice.outside === 'edge' ? NO_SPAN : NOTHING;
  let all: Span = none;
  for (let k = z.first; k < z.first + z.count; k++) {
    for (let j = y.first; j < y.first + y.count; j++) {
      const from = ((component * nz + k) * ny + j) * nx + x.first;
      all = widen(all, lattice.data, from, x.count);
    }
  }
  return all.low <= all.high ? all : NOTHING;
}

const NO_SPAN: Span = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };

/** With so many values that are numbers. */
function widen(span: Span, data: Lattice['data'], from: number, count: number): Span {
  let { low, high } = span;
  for (let i = from; i < from + count; i++) {
    const value = data[i];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
