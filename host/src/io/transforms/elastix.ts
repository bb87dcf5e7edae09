import { createGrid, voxelCount } from '@voxhost/sdk';
import { bspline, linear } from '../../geometry/make-transform.js';
import type { CompositeTransform, LinearKind, Transform } from '../../geometry/transform.js';
import { own } from '../../own.js';
import { faultIn } from '../bad-file.js';
import { toNumber } from '../text-header.js';
import { checked } from './checked.js';

/** A parsed TransformParameters file of elastix. */
export interface ElastixTransform {
  readonly transform: Exclude<Transform, CompositeTransform>;
  /** File of the transform that is applied before this one. */
  readonly initial: string | undefined;
}

/** Is this a parameter file of elastix? Its lines are `(Key value ...)`. */
export const isElastix = (text: string): boolean => /^\s*\(Transform\s+"/m.test(text);

/** Reads a TransformParameters file, without its initial transform. Throws its fault. */
export function parseElastix(text: string): ElastixTransform {
  const fields = readFields(text);
  const dims = fields.number('FixedImageDimension', 3);
  if (dims !== 2 && dims !== 3) throw faultIn('FixedImageDimension', `is ${dims}, not 2 or 3`);
  const type = fields.words('Transform')[0] ?? '';
  const parameters = fields.numbers('TransformParameters');
  const initial = initialOf(fields);
  return { transform: make(type, dims, parameters, fields), initial };
}

interface Fields {
  words(key: string): readonly string[];
  numbers(key: string): readonly number[];
  /** The first number, or the fallback when the key is absent. */
  number(key: string, fallback: number): number;
}

function readFields(text: string): Fields {
  const values = new Map<string, readonly string[]>();
  for (const [n, line] of text.split('\n').entries()) {
    const plain = line.replace(/\/\/.*$/, '').trim();
    if (plain === '') continue;
    if (!plain.startsWith('(') || !plain.endsWith(')')) {
      throw faultIn(`line ${n + 1}`, 'is not "(Key value ...)"');
    }
    const [key, ...words] = plain.slice(1, -1).match(/"[^"]*"|[^\s"]+/g) ?? [''];
    values.set(
      key,
      words.map((word) => word.replace(/^"(.*)"$/, '$1')),
    );
  }
  const words = (key: string) => values.get(key) ?? [];
  const numbers = (key: string) => {
    const found = words(key).map(toNumber);
    if (found.every(Number.isFinite)) return found;
    throw faultIn(key, 'has something that is no number');
  };
  return { words, numbers, number: (key, fallback) => numbers(key)[0] ?? fallback };
}

/** elastix names the file whole or relative; "NoInitialTransform" is none. */
function initialOf(fields: Fields): string | undefined {
  const [name] = [
    ...fields.words('InitialTransformParameterFileName'),
    ...fields.words('InitialTransformParametersFileName'),
  ];
  if (name === undefined || name === 'NoInitialTransform') return undefined;
  const how = fields.words('HowToCombineTransforms')[0] ?? 'Compose';
  if (how === 'Compose') return name;
  const remedy = 'run elastix with (HowToCombineTransforms "Compose")';
  throw faultIn('HowToCombineTransforms', `is "${how.slice(0, 20)}"`, remedy);
}

const KINDS: { readonly [type: string]: { readonly [dims: number]: LinearKind } | undefined } = {
  TranslationTransform: { 2: 'translation', 3: 'translation' },
  EulerTransform: { 2: 'euler-2d', 3: 'euler-3d' },
  SimilarityTransform: { 2: 'similarity-2d', 3: 'similarity-3d' },
  AffineTransform: { 2: 'affine', 3: 'affine' },
};

const SPLINES = ['BSplineTransform', 'RecursiveBSplineTransform'];

function make(
  type: string,
  dims: 2 | 3,
  parameters: readonly number[],
  fields: Fields,
): ElastixTransform['transform'] {
  if (SPLINES.includes(type)) return makeSpline(dims, parameters, fields);
  const kind = own(KINDS, type)?.[dims];
  if (kind === undefined) {
    const remedy = `convert it to ${[...Object.keys(KINDS), ...SPLINES].join(', ')}`;
    throw faultIn('Transform', `"${type.slice(0, 60)}" is not supported`, remedy);
  }
  if (kind === 'translation') return checked(() => linear(kind, dims, parameters));
  const center = fields.numbers('CenterOfRotationPoint');
  const zyx = /^true$/i.test(fields.words('ComputeZYX')[0] ?? 'false');
  return checked(() => linear(kind, dims, parameters, { center, zyx }));
}

/** GridDirection lists axis after axis: the transpose of ours. GridIndex moves the first control point. */
function makeSpline(
  dims: 2 | 3,
  parameters: readonly number[],
  fields: Fields,
): ElastixTransform['transform'] {
  const order = fields.number('BSplineTransformSplineOrder', 3);
  if (order !== 3) throw faultIn('BSplineTransformSplineOrder', `is ${order}, not 3`);
  if (/^true$/i.test(fields.words('UseCyclicTransform')[0] ?? '')) {
    throw faultIn('UseCyclicTransform', 'is true');
  }
  const list = (key: string, count: number, fallback?: readonly number[]): readonly number[] => {
    const found = fields.words(key).length === 0 ? (fallback ?? []) : fields.numbers(key);
    if (found.length === count) return found;
    throw faultIn(key, `has ${found.length} numbers, not ${count}`);
  };
  const axes = list('GridDirection', dims * dims, identity(dims));
  const direction = axes.map((_, i) => axes[(i % dims) * dims + Math.floor(i / dims)]);
  const spacing = list('GridSpacing', dims);
  const index = list(
    'GridIndex',
    dims,
    identity(dims)
      .slice(0, dims)
      .map(() => 0),
  );
  const origin = list('GridOrigin', dims).map((o, r) =>
    index.reduce((sum, n, c) => sum + direction[r * dims + c] * spacing[c] * n, o),
  );
  return checked(() => {
    const grid = createGrid({ size: list('GridSize', dims), spacing, origin, direction });
    const wanted = dims * voxelCount(grid.size);
    if (parameters.length === wanted) return bspline(grid, Float64Array.from(parameters));
    throw faultIn('TransformParameters', `has ${parameters.length} numbers, not ${wanted}`);
  });
}

const identity = (dims: number): number[] =>
  Array.from({ length: dims * dims }, (_, i) => (i % (dims + 1) === 0 ? 1 : 0));
