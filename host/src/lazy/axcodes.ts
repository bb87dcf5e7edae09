import { type Grid, requireGrid, VoxhostError } from '@voxhost/sdk';

/** Anatomical letters of both ends of the physical axes x, y, z in LPS: towards +x is L(eft). */
const ENDS: readonly (readonly [plus: string, minus: string])[] = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
];

/** Along one output axis: the input axis it runs on, and whether it runs backwards. */
export interface AxisTurn {
  readonly axis: number;
  readonly flip: boolean;
}

/**
 * Which input axis, forwards or backwards, runs towards each letter: `RAS` means that the first axis of the
 * output runs to the right, the second to anterior, the third to superior. The closest axes of an oblique
 * grid are taken as nibabel takes them: the direction matrix orthogonalised, then greedily by the largest
 * cosine in input-axis order.
 */
export function axisTurns(grid: Grid, axcodes: string): readonly AxisTurn[] {
  const dims = grid.size.length;
  const wanted = parseAxcodes(axcodes, dims);
  const has = closestAxes(grid);
  return wanted.map(({ physical, sign }) => {
    const axis = has.findIndex((h) => h.physical === physical);
    return { axis, flip: has[axis]?.sign !== sign };
  });
}

/** The letters that a grid's own axes run towards, closest axes: `LPS` for an identity direction. */
export function axcodesOf(grid: Grid): string {
  requireGrid(grid);
  return closestAxes(grid)
    .map(({ physical, sign }) => ENDS[physical]?.[sign > 0 ? 0 : 1] ?? '?')
    .join('');
}

interface PhysicalAxis {
  readonly physical: number;
  readonly sign: 1 | -1;
}

function parseAxcodes(axcodes: string, dims: number): readonly PhysicalAxis[] {
  const axes = [...axcodes.toUpperCase()].map((letter): PhysicalAxis | undefined => {
    const physical = ENDS.slice(0, dims).findIndex((ends) => ends.includes(letter));
    return physical < 0 ? undefined : { physical, sign: ENDS[physical]?.[0] === letter ? 1 : -1 };
  });
  const found = axes.filter((axis) => axis !== undefined);
  if (
    found.length === dims &&
    axes.length === dims &&
    new Set(found.map((a) => a.physical)).size === dims
  ) {
    return found;
  }
  const reason = `is "${axcodes}", not one letter of each of ${ENDS.slice(0, dims)
    .map((e) => e.join('/'))
    .join(', ')}`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'orientation', reason });
}

function closestAxes(grid: Grid): readonly PhysicalAxis[] {
  const dims = grid.size.length;
  const rotation = orthogonalised(grid.direction, dims);
  const free = new Set(Array.from({ length: dims }, (_, r) => r));
  return Array.from({ length: dims }, (_, column) => {
    let best: PhysicalAxis = { physical: 0, sign: 1 };
    let largest = -1;
    for (const row of free) {
      const cosine = rotation[row * dims + column] ?? 0;
      if (Math.abs(cosine) <= largest) continue;
      largest = Math.abs(cosine);
      best = { physical: row, sign: cosine < 0 ? -1 : 1 };
    }
    free.delete(best.physical);
    return best;
  });
}

/** Enough Newton steps for any direction that `createGrid` accepts; a rotation needs one. */
const NEWTON_STEPS = 60;

/** The orthogonal matrix closest to `m`, the one of its polar decomposition: Newton's iteration X <- (X + X^-T) / 2. */
function orthogonalised(m: readonly number[], dims: number): readonly number[] {
  let x: readonly number[] = m;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const inverse = cofactors(x, dims);
    const next = x.map((value, i) => (value + inverse[i]) / 2);
    const change = next.reduce((sum, value, i) => sum + Math.abs(value - x[i]), 0);
    x = next;
    if (change < Number.EPSILON) break;
  }
  return x;
}

/** Transposed inverse, row-major. */
function cofactors(m: readonly number[], dims: number): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  if (dims === 2) return [d, -c, -b, a].map((value) => value / (a * d - b * c));
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const matrix = [
    e * i - f * h,
    f * g - d * i,
    d * h - e * g,
    c * h - b * i,
    a * i - c * g,
    b * g - a * h,
    b * f - c * e,
    c * d - a * f,
    a * e - b * d,
  ];
  return matrix.map((value) => value / det);
}
