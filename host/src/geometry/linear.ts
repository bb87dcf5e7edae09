import { pixelTypeOf } from '@voxhost/sdk';
import {
  isListThat,
  object,
  type Rule,
  requireArgument,
  show,
  without,
} from '@voxhost/sdk/arguments';
import { euler3, rotation2, rotation2Slope, versor3, versor3Slope } from './rotation.js';
import type { LinearKind, LinearTransform } from './transform.js';

/** How the parameters of a kind make a matrix. */
interface LinearRule {
  /** Dimensions it exists in. */
  readonly dims: readonly (2 | 3)[];
  /** Number of parameters. */
  readonly count: (dims: number) => number;
  /** Index of the first translation parameter; -1 where there is none. */
  readonly translationAt: (dims: number) => number;
  /** M, row-major D × D. */
  readonly matrix: (transform: LinearTransform) => number[];
  /** ∂M by parameter k, which is no translation. */
  readonly slope: (transform: LinearTransform, k: number) => number[];
}

const zeros = (dims: number): number[] => Array<number>(dims * dims).fill(0);
const unit = (dims: number, at: number): number[] => {
  const m = zeros(dims);
  m[at] = 1;
  return m;
};
const identity = (dims: number): number[] => zeros(dims).map((_, i) => (i % (dims + 1) ? 0 : 1));
const times = (m: readonly number[], factor: number): number[] => m.map((v) => v * factor);
const first3 = ({ parameters: p }: LinearTransform): number[] => [p[0], p[1], p[2]];

const RULES: { readonly [K in LinearKind]: LinearRule } = {
  translation: {
    dims: [2, 3],
    count: (dims) => dims,
    translationAt: () => 0,
    matrix: ({ dims }) => identity(dims),
    slope: ({ dims }) => zeros(dims),
  },
  scale: {
    dims: [2, 3],
    count: (dims) => dims,
    translationAt: () => -1,
    matrix: ({ dims, parameters }) =>
      identity(dims).map((v, i) => (v === 0 ? 0 : parameters[Math.floor(i / dims)])),
    slope: ({ dims }, k) => unit(dims, k * (dims + 1)),
  },
  'euler-2d': {
    dims: [2],
    count: () => 3,
    translationAt: () => 1,
    matrix: ({ parameters }) => rotation2(parameters[0]),
    slope: ({ parameters }) => rotation2Slope(parameters[0]),
  },
  'euler-3d': {
    dims: [3],
    count: () => 6,
    translationAt: () => 3,
    matrix: ({ parameters, zyx }) => euler3(parameters, zyx),
    slope: ({ parameters, zyx }, k) => euler3(parameters, zyx, k),
  },
  'versor-rigid-3d': {
    dims: [3],
    count: () => 6,
    translationAt: () => 3,
    matrix: (transform) => versor3(first3(transform)),
    slope: (transform, k) => versor3Slope(first3(transform), k),
  },
  'similarity-2d': {
    dims: [2],
    count: () => 4,
    translationAt: () => 2,
    matrix: ({ parameters: [scale, angle] }) => times(rotation2(angle), scale),
    slope: ({ parameters: [scale, angle] }, k) =>
      k === 0 ? rotation2(angle) : times(rotation2Slope(angle), scale),
  },
  'similarity-3d': {
    dims: [3],
    count: () => 7,
    translationAt: () => 3,
    matrix: (transform) => times(versor3(first3(transform)), transform.parameters[6]),
    slope: (transform, k) =>
      k === 6
        ? versor3(first3(transform))
        : times(versor3Slope(first3(transform), k), transform.parameters[6]),
  },
  affine: {
    dims: [2, 3],
    count: (dims) => dims * (dims + 1),
    translationAt: (dims) => dims * dims,
    matrix: ({ dims, parameters }) => [...parameters.subarray(0, dims * dims)],
    slope: ({ dims }, k) => unit(dims, k),
  },
};

/** Every kind of linear transform. */
export const LINEAR_KINDS: readonly LinearKind[] = Object.keys(RULES) as LinearKind[];

export const linearRule = (kind: LinearKind): LinearRule => RULES[kind];

type Loose = { readonly [field: string]: unknown };

/** The first thing wrong with what should be a linear transform, or undefined. */
export function linearProblem(transform: object): string | undefined {
  const { kind, parameters, dims, center } = transform as Loose;
  if (!LINEAR_KINDS.includes(kind as LinearKind))
    return `is of kind ${show(kind)}, which there is not`;
  const rule = RULES[kind as LinearKind];
  if ((dims !== 2 && dims !== 3) || !rule.dims.includes(dims))
    return `has dims ${show(dims)}, in which there is no ${kind}`;
  if (pixelTypeOf(parameters) !== 'float64') return 'has parameters that are no Float64Array';
  return (
    numbersProblem('parameters', parameters, rule.count(dims)) ??
    numbersProblem('center', center, dims)
  );
}

function numbersProblem(name: string, values: unknown, count: number): string | undefined {
  if (!isListThat(values, () => true)) return `has ${name} ${show(values)}, no list`;
  if (values.length !== count) return `has ${values.length} numbers as ${name}, not ${count}`;
  return isListThat(values, Number.isFinite) ? undefined : `has ${name} that are not finite`;
}

/** A linear transform as D rows of D+1 numbers: physical point to physical point. Throws `BAD_ARGUMENT`. */
export function linearMatrix(transform: LinearTransform): Float64Array {
  requireArgument('transform', transform, IS_LINEAR);
  const { kind, dims, center, parameters } = transform;
  const { matrix, translationAt } = RULES[kind];
  const at = translationAt(dims);
  const affine = aboutCenter(matrix(transform), center);
  for (let r = 0; r < dims; r++) {
    affine[r * (dims + 1) + dims] += center[r] + (at < 0 ? 0 : parameters[at + r]);
  }
  return affine;
}

const IS_LINEAR: Rule = (value) =>
  object(value) ?? without((v) => linearProblem(v as object))(value);

/** Derivative of `linearMatrix` by parameter k. */
export function linearMatrixSlope(transform: LinearTransform, k: number): Float64Array {
  const { kind, dims, center } = transform;
  const { slope, translationAt } = RULES[kind];
  const axis = k - translationAt(dims);
  if (translationAt(dims) < 0 || axis < 0 || axis >= dims) {
    return aboutCenter(slope(transform, k), center);
  }
  const affine = new Float64Array(dims * (dims + 1));
  affine[axis * (dims + 1) + dims] = 1;
  return affine;
}

/** M · (x - center) as D × (D+1). */
function aboutCenter(m: readonly number[], center: readonly number[]): Float64Array {
  const dims = center.length;
  const affine = new Float64Array(dims * (dims + 1));
  for (let r = 0; r < dims; r++) {
    for (let c = 0; c < dims; c++) {
      affine[r * (dims + 1) + c] = m[r * dims + c];
      affine[r * (dims + 1) + dims] -= m[r * dims + c] * center[c];
    }
  }
  return affine;
}
