import {
  allocatePixels,
  createGrid,
  createImage,
  type Grid,
  type Image,
  requireGrid,
  VoxhostError,
  voxelCount,
} from '@voxhost/sdk';
import {
  either,
  finite,
  flag,
  float64,
  having,
  isListThat,
  listOf,
  numbers,
  object,
  optional,
  record,
  requireArgument,
  show,
} from '@voxhost/sdk/arguments';
import { LINEAR_KINDS, linearRule } from './linear.js';
import { euler3, matrixToVersor } from './rotation.js';
import type {
  BSplineTransform,
  CompositeTransform,
  DisplacementFieldTransform,
  LinearKind,
  LinearTransform,
  Transform,
} from './transform.js';
import { requireTransform } from './transform-problem.js';

function refuse(argument: string, reason: string): never {
  throw new VoxhostError('BAD_ARGUMENT', { argument, reason });
}

/** What a linear transform may leave out: center 0, ITK's default order of Euler angles. */
export interface LinearOptions {
  readonly center?: readonly number[];
  readonly zyx?: boolean;
}

const LINEAR = { center: optional(numbers), zyx: optional(flag) };

/** Radians: one in 2-D, or a list. */
const RIGID = {
  ...LINEAR,
  rotation: optional(either(finite, numbers)),
  translation: optional(numbers),
};

/** A linear transform of ITK's kinds from ITK's parameters. Throws `BAD_ARGUMENT`. */
export function linear(
  kind: LinearKind,
  dims: number,
  parameters: ArrayLike<number>,
  options: LinearOptions = {},
): LinearTransform {
  requireArgument('options', options, having(LINEAR));
  const { center, zyx = false } = options;
  if (!LINEAR_KINDS.includes(kind)) return refuse('kind', `is ${show(kind)}, which there is not`);
  const rule = linearRule(kind);
  if ((dims !== 2 && dims !== 3) || !rule.dims.includes(dims)) {
    return refuse('dims', `is ${show(dims)}, in which there is no ${kind}`);
  }
  const middle = center ?? Array<number>(dims).fill(0);
  requireNumbers('parameters', parameters, rule.count(dims));
  requireNumbers('center', middle, dims);
  const versor = kind === 'versor-rigid-3d' || kind === 'similarity-3d';
  if (versor) requireVersor(parameters);
  const numbers = Float64Array.from(parameters);
  return Object.freeze({ kind, dims, parameters: numbers, center: [...middle], zyx });
}

/** Rounding of a versor whose length is 1. */
const VERSOR_ROUNDING = 1e-12;

function requireVersor(parameters: ArrayLike<number>): void {
  const length = Math.hypot(parameters[0], parameters[1], parameters[2]);
  if (length > 1 + VERSOR_ROUNDING)
    refuse('parameters', `begin with a versor of length ${length}, above 1`);
}

function requireNumbers(argument: string, values: ArrayLike<number>, count: number): void {
  if (!isListThat(values, () => true)) refuse(argument, `is ${show(values)}, no list`);
  if (values.length !== count) refuse(argument, `has ${values.length} numbers, not ${count}`);
  if (!Array.from(values).every(Number.isFinite)) refuse(argument, 'has one that is not finite');
}

/** x -> x + offset, millimetres. */
export function translation(offset: readonly number[]): LinearTransform {
  requireArgument('offset', offset, numbers);
  return linear('translation', offset.length, offset);
}

/** A rotation about `center`, then a translation. */
export interface RigidOptions extends LinearOptions {
  /** Radians: one angle in 2-D, angles about x, y, z in 3-D (Euler3D). */
  readonly rotation?: number | readonly number[];
  /** Millimetres; its length decides the dimensions where `rotation` is absent. */
  readonly translation?: readonly number[];
}

/** ITK's Euler2D or Euler3D. */
export function rigid(options: RigidOptions): LinearTransform {
  requireArgument('options', options, record(RIGID));
  const { dims, angles, offset } = rigidParts(options);
  return linear(dims === 2 ? 'euler-2d' : 'euler-3d', dims, [...angles, ...offset], options);
}

/** A rotation and scaling about `center`, then a translation. ITK's Similarity2D or, by versor, Similarity3D. */
export function similarity(options: RigidOptions & { readonly scale?: number }): LinearTransform {
  requireArgument('options', options, record({ ...RIGID, scale: optional(finite) }));
  const { dims, angles, offset } = rigidParts(options);
  const { scale = 1, zyx = false, ...rest } = options;
  if (dims === 2) return linear('similarity-2d', 2, [scale, ...angles, ...offset], rest);
  const versor = matrixToVersor(euler3(angles, zyx));
  return linear('similarity-3d', 3, [...versor, ...offset, scale], rest);
}

function rigidParts({ rotation, translation: offset }: RigidOptions): {
  dims: number;
  angles: readonly number[];
  offset: readonly number[];
} {
  const flat = typeof rotation === 'number' || rotation?.length === 1;
  const dims = rotation === undefined ? (offset?.length ?? 3) : flat ? 2 : 3;
  const angles = typeof rotation === 'number' ? [rotation] : rotation;
  return {
    dims,
    angles: angles ?? Array<number>(dims === 2 ? 1 : 3).fill(0),
    offset: offset ?? Array<number>(dims).fill(0),
  };
}

/** x -> matrix · (x - center) + center + translation; matrix row-major D × D. */
export function affine(
  options: LinearOptions & {
    readonly matrix: readonly number[];
    readonly translation?: readonly number[];
  },
): LinearTransform {
  const rules = { ...LINEAR, matrix: numbers, translation: optional(numbers) };
  requireArgument('options', options, record(rules));
  const dims = options.matrix.length === 4 ? 2 : 3;
  const offset = options.translation ?? Array<number>(dims).fill(0);
  return linear('affine', dims, [...options.matrix, ...offset], options);
}

/** ITK's VersorRigid3D: versor x, y, z and translation. */
export function versorRigid(
  options: LinearOptions & {
    readonly versor: readonly number[];
    readonly translation?: readonly number[];
  },
): LinearTransform {
  const rules = { ...LINEAR, versor: numbers, translation: optional(numbers) };
  requireArgument('options', options, record(rules));
  const { versor, translation = [0, 0, 0] } = options;
  return linear('versor-rigid-3d', 3, [...versor, ...translation], options);
}

/** A cubic free-form deformation; `parameters` are control points' millimetres, not copied. 0 when absent. */
export function bspline(grid: Grid, parameters?: Float64Array): BSplineTransform {
  requireGrid(grid);
  const count = grid.size.length * voxelCount(grid.size);
  const values = parameters ?? allocatePixels('float64', count);
  requireArgument('parameters', values, float64);
  if (values.length !== count) refuse('parameters', `has ${values.length} numbers, not ${count}`);
  return Object.freeze({ kind: 'bspline', grid: createGrid(grid), parameters: values });
}

/** A dense displacement field (LPS, mm): an image of as many channels as dimensions. Float data is not copied. */
export function displacementField(image: Image): DisplacementFieldTransform {
  requireArgument('image', image, object);
  createImage(image.grid, image.data, image.channels); // throws for what is no image
  const dims = image.grid.size.length;
  if (image.channels !== dims) {
    refuse('image', `has ${image.channels} channel(s), not the ${dims} of a displacement`);
  }
  const { data } = image;
  const float = data instanceof Float32Array || data instanceof Float64Array;
  const parameters = float ? data : Float64Array.from(data);
  return Object.freeze({ kind: 'displacement-field', grid: image.grid, parameters });
}

/** Transforms in the order of an ITK composite: the LAST is applied first. Composites inside are flattened. */
export function composite(members: readonly Transform[]): CompositeTransform {
  requireArgument('members', members, listOf(object));
  for (const member of members) requireTransform(member);
  const flat = members.flatMap((m) => (m.kind === 'composite' ? m.members : [m]));
  return Object.freeze({ kind: 'composite', members: Object.freeze(flat) });
}
