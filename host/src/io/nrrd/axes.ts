import { own } from '../../own.js';
import { faultIn } from '../bad-file.js';
import { plainAxes } from '../extra-axis.js';
import { numbersOf, type TextFields, toNumber, words } from '../text-header.js';
import { assertSpacings } from '../volume-header.js';

/** What the axes of a NRRD are. */
export interface Axes {
  readonly size: readonly number[];
  /** LPS, row-major D × (D+1). */
  readonly affine: Float64Array;
  readonly components: number;
  readonly frames: number;
  readonly frameSpacing: number;
}

/** Kinds of axes along which one samples; all others count components (Teem's "range" axes). */
const DOMAIN_KINDS = ['domain', 'space', 'none', '???', ''];

/**
 * Sorts the axes: space where a direction is given or, without directions, where the kind is a domain; the
 * first axis may be components, the last frames.
 */
export function roleAxes(fields: TextFields, sizes: readonly number[]): Axes {
  const directions = directionsOf(fields, sizes.length);
  const kinds = kindsOf(fields, sizes.length);
  const isSpace = sizes.map((_, a) =>
    directions === undefined ? DOMAIN_KINDS.includes(kinds[a]) : directions[a] !== undefined,
  );
  const first = isSpace.indexOf(true);
  const last = isSpace.lastIndexOf(true);
  const inner = isSpace.slice(first, last + 1);
  if (first === -1 || first > 1 || sizes.length - 1 - last > 1 || inner.includes(false)) {
    throw faultIn('kinds', 'have axes without direction that are neither the first nor the last');
  }
  const space = sizes.slice(first, last + 1);
  if (space.length > 4) throw faultIn('dimension', `has ${space.length} axes of space`);
  const given = directions?.slice(first, last + 1).map((d) => d ?? []);
  const placed =
    given === undefined ? bySpacings(fields, first, space) : byDirections(fields, given);
  const size = [...space, 1, 1].slice(0, placed.affine.length === 12 ? 3 : 2);
  return {
    size,
    affine: placed.affine,
    frameSpacing: placed.frameSpacing,
    components: first === 1 ? sizes[0] : 1,
    frames: (space[3] ?? 1) * (last < sizes.length - 1 ? sizes[last + 1] : 1),
  };
}

function kindsOf(fields: TextFields, count: number): string[] {
  const value = fields.text('kinds');
  if (value === undefined) return Array<string>(count).fill('');
  const kinds = words(value.toLowerCase());
  if (kinds.length === count) return kinds;
  throw faultIn('kinds', `has ${kinds.length} words where ${count} are needed`);
}

/** `(1,0,0) none (0,1,0)`: a vector per axis, undefined for none. */
function directionsOf(
  fields: TextFields,
  count: number,
): (readonly number[] | undefined)[] | undefined {
  const value = fields.text('space directions');
  if (value === undefined) return undefined;
  const vectors = value.match(/\([^)]*\)|[^\s()]+/g) ?? [];
  if (vectors.length !== count) {
    throw faultIn('space directions', `has ${vectors.length} vectors where ${count} are needed`);
  }
  return vectors.map((vector) =>
    vector === 'none' ? undefined : vectorOf(vector, 'space directions'),
  );
}

function vectorOf(vector: string, field: string): number[] {
  if (!vector.startsWith('(')) throw faultIn(field, `has "${vector.slice(0, 20)}" for a vector`);
  const inside = vector.slice(1, -1).split(',').join(' ');
  return numbersOf(field, inside, words(inside).length);
}

/** Signs that take a space to LPS. Of a space that knows no patient the axes are taken for LPS, as ITK does. */
const TO_LPS: { readonly [space: string]: readonly number[] | undefined } = {
  'left-posterior-superior': [1, 1],
  lps: [1, 1],
  'right-anterior-superior': [-1, -1],
  ras: [-1, -1],
  'left-anterior-superior': [1, -1],
  las: [1, -1],
  'scanner-xyz': [1, 1],
  '3d-right-handed': [1, 1],
  '3d-left-handed': [1, 1],
};

function signsOf(fields: TextFields): readonly number[] {
  const space = fields.text('space');
  if (space === undefined) {
    fields.required('space dimension'); // one of the two says what vectors mean
    return [1, 1, 1, 1];
  }
  const plain = space.toLowerCase().replace(/-time$/, '');
  const signs = own(TO_LPS, plain) ?? own(TO_LPS, plain.replace(/t$/, ''));
  if (signs !== undefined) return [...signs, 1, 1];
  throw faultIn('space', `"${space.slice(0, 40)}" is not one of ${Object.keys(TO_LPS).join(', ')}`);
}

function byDirections(
  fields: TextFields,
  vectors: readonly (readonly number[])[],
): { affine: Float64Array; frameSpacing: number } {
  const dims = vectors[0].length;
  const flip = signsOf(fields);
  if (vectors.some((v) => v.length !== dims) || dims < Math.min(2, vectors.length) || dims > 4) {
    throw faultIn('space directions', 'have vectors of lengths that do not fit');
  }
  const origin = fields.text('space origin');
  const start =
    origin === undefined ? Array<number>(dims).fill(0) : vectorOf(origin, 'space origin');
  if (start.length !== dims)
    throw faultIn('space origin', `has ${start.length} numbers, not ${dims}`);
  const flipped = [...vectors, start].map((v) => v.map((n, r) => n * flip[r]));
  return fromVectors(completed(flipped.slice(0, -1), dims), flipped[vectors.length]);
}

/** A picture in space gets the normal of its plane as third axis, 1 mm thick. */
function completed(vectors: readonly (readonly number[])[], dims: number): readonly number[][] {
  const all = vectors.map((v) => [...v]);
  if (all.length === 2 && dims === 3) {
    const [a, b] = all;
    const normal = [0, 1, 2].map((i) => {
      const [j, k] = [(i + 1) % 3, (i + 2) % 3];
      return a[j] * b[k] - a[k] * b[j];
    });
    const length = Math.hypot(...normal);
    all.push(normal.map((n) => n / length));
  }
  if (all.length === dims) return all;
  throw faultIn('space directions', `has ${all.length} axes in a space of ${dims}`);
}

function fromVectors(
  vectors: readonly (readonly number[])[],
  origin: readonly number[],
): { affine: Float64Array; frameSpacing: number } {
  const spacing = vectors.map((v) => Math.hypot(...v));
  assertSpacings('space directions', spacing);
  const columns = vectors.map((v, a) => v.map((n) => n / spacing[a]));
  return plainAxes(columns, { spacing, origin }, 'space directions');
}

/**
 * Without directions the axes are those of space. A spacing is given, or follows from the ends of its axis; the first
 * voxel lies at the lower end, or half a spacing behind it where samples are cells (Teem's default).
 */
function bySpacings(
  fields: TextFields,
  first: number,
  space: readonly number[],
): { affine: Float64Array; frameSpacing: number } {
  const dims = Math.max(2, space.length);
  const list = (name: string) => words(fields.text(name) ?? '').slice(first);
  const [spacings, mins, maxs] = ['spacings', 'axis mins', 'axis maxs'].map((name) =>
    Array.from({ length: dims }, (_, a) => known(name, list(name)[a])),
  );
  const centers = list(fields.text('centerings') === undefined ? 'centers' : 'centerings');
  const isNode = (a: number) => centers[a] === 'node';
  const steps = space.map((n, a) => (isNode(a) ? n - 1 : n));
  const spacing = spacings.map((s, a) => {
    const [min, max] = [mins[a], maxs[a]];
    if (s !== undefined) return s;
    return min === undefined || max === undefined || !(steps[a] > 0) ? 1 : (max - min) / steps[a];
  });
  assertSpacings('spacings', spacing);
  const placed = mins.slice(0, space.length).every((min) => min !== undefined);
  const origin = spacing.map((s, a) => (placed ? (mins[a] ?? 0) + (isNode(a) ? 0 : s / 2) : 0));
  const columns = spacing.map((_, a) => spacing.map((_, r) => (a === r ? 1 : 0)));
  return plainAxes(columns, { spacing, origin }, 'spacings');
}

/** A number of a list, undefined where it is absent or NaN, which stands for not known. */
function known(name: string, word: string | undefined): number | undefined {
  if (word === undefined || word === '' || /^nan$/i.test(word)) return undefined;
  const value = toNumber(word);
  if (Number.isFinite(value)) return value;
  throw faultIn(name, `has "${word.slice(0, 20)}" for a number`);
}
