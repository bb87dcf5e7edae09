import { createGrid, createImage, type Grid, voxelCount } from '@voxhost/sdk';
import { bspline, displacementField, linear } from '../../geometry/make-transform.js';
import {
  type CompositeTransform,
  dimensionsOf,
  type LinearKind,
  type Transform,
} from '../../geometry/transform.js';
import { own } from '../../own.js';
import { faultIn } from '../bad-file.js';
import { checked } from './checked.js';

/** One transform as ITK stores it, in text or HDF5. */
export interface ItkRecord {
  /** E.g. `Euler3DTransform_double_3_3`. */
  readonly type: string;
  readonly parameters: ArrayLike<number>;
  readonly fixed: ArrayLike<number>;
}

type Single = Exclude<Transform, CompositeTransform>;

/** ITK's class, its dimensions where the name does not say, and ours. */
const CLASSES: readonly (readonly [name: string, kind: LinearKind])[] = [
  ['TranslationTransform', 'translation'],
  ['ScaleTransform', 'scale'],
  ['Euler2DTransform', 'euler-2d'],
  ['Euler3DTransform', 'euler-3d'],
  ['VersorRigid3DTransform', 'versor-rigid-3d'],
  ['Similarity2DTransform', 'similarity-2d'],
  ['Similarity3DTransform', 'similarity-3d'],
  ['AffineTransform', 'affine'],
];

/** Classes with the parameters of another. */
const SYNONYMS: { readonly [name: string]: string } = {
  MatrixOffsetTransformBase: 'AffineTransform',
  Rigid2DTransform: 'Euler2DTransform',
};

const COMPOSITE = /^CompositeTransform_/;

/** Records in file order -> the transform; a composite's members follow it. Throws the fault. */
export function decodeItk(records: readonly ItkRecord[]): Transform {
  const [first, ...rest] = records;
  if (first === undefined) throw faultIn('transforms', 'are none');
  if (COMPOSITE.test(first.type)) return decodeMembers(rest);
  if (rest.length === 0) return decodeOne(first);
  const reason = `are ${records.length} that no composite joins`;
  throw faultIn('transforms', reason, 'save them as one composite transform');
}

function decodeMembers(records: readonly ItkRecord[]): CompositeTransform {
  const members = records.map(decodeOne);
  const dims = members.map(dimensionsOf);
  if (dims.some((d) => d !== dims[0])) throw faultIn('members', `have dimensions ${dims}`);
  return { kind: 'composite', members };
}

function decodeOne(record: ItkRecord): Single {
  const match = /^([A-Za-z0-9]+?)_(?:double|float)_(\d)_(\d)$/.exec(record.type);
  if (match === null || match[2] !== match[3])
    throw faultIn('Transform', `"${shown(record)}" is unknown`);
  const name = own(SYNONYMS, match[1]) ?? match[1];
  const dims = Number(match[2]);
  if (dims !== 2 && dims !== 3) throw faultIn('Transform', `"${shown(record)}" is not 2-D or 3-D`);
  assertFinite('Parameters', record.parameters);
  assertFinite('FixedParameters', record.fixed);
  if (name === 'IdentityTransform') return linear('translation', dims, Array(dims).fill(0));
  if (name === 'BSplineTransform') return decodeBSpline(record, dims);
  if (name === 'DisplacementFieldTransform') return decodeField(record, dims);
  const kind = CLASSES.find(([itk]) => itk === name)?.[1];
  if (kind !== undefined) return decodeLinear(kind, dims, record);
  const known = CLASSES.map(([itk]) => itk).join(', ');
  const remedy = `convert it to one of ${known}, BSplineTransform, DisplacementFieldTransform`;
  throw faultIn('Transform', `"${shown(record)}" is not supported`, remedy);
}

const shown = ({ type }: ItkRecord): string => type.slice(0, 60);

function assertFinite(field: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw faultIn(field, `[${i}] is ${values[i]}`);
  }
}

/** Center, and for Euler3D the flag of the order; neither for a translation. */
function decodeLinear(kind: LinearKind, dims: 2 | 3, { parameters, fixed }: ItkRecord): Single {
  const all = Array.from(fixed);
  const flagged = kind === 'euler-3d' && all.length === 4;
  const center =
    kind === 'translation' || all.length === 0 ? undefined : all.slice(0, flagged ? 3 : undefined);
  if (center !== undefined && center.length !== dims) {
    throw faultIn('FixedParameters', `has ${center.length} numbers, not the ${dims} of a center`);
  }
  const options = { ...(center && { center }), zyx: flagged && all[3] !== 0 };
  return checked(() => linear(kind, dims, parameters, options));
}

/** FixedParameters of a lattice: size, origin, spacing, direction row-major. */
function latticeGrid(fixed: ArrayLike<number>, dims: 2 | 3): Grid {
  const all = Array.from(fixed);
  const wanted = dims * (3 + dims);
  if (all.length !== wanted) {
    throw faultIn('FixedParameters', `has ${all.length} numbers, not the ${wanted} of a lattice`);
  }
  const [size, origin, spacing] = [0, 1, 2].map((n) => all.slice(n * dims, (n + 1) * dims));
  return checked(() => createGrid({ size, origin, spacing, direction: all.slice(3 * dims) }));
}

function assertCount({ parameters }: ItkRecord, grid: Grid): void {
  const wanted = grid.size.length * voxelCount(grid.size);
  if (parameters.length === wanted) return;
  throw faultIn('Parameters', `has ${parameters.length} numbers, not the ${wanted} of its lattice`);
}

function decodeBSpline(record: ItkRecord, dims: 2 | 3): Single {
  const grid = latticeGrid(record.fixed, dims);
  assertCount(record, grid);
  return bspline(grid, Float64Array.from(record.parameters));
}

/** ITK keeps the components of each vector together. */
function decodeField(record: ItkRecord, dims: 2 | 3): Single {
  const grid = latticeGrid(record.fixed, dims);
  assertCount(record, grid);
  const voxels = voxelCount(grid.size);
  const planes = new Float64Array(dims * voxels);
  for (let v = 0; v < voxels; v++) {
    for (let c = 0; c < dims; c++) planes[c * voxels + v] = record.parameters[v * dims + c];
  }
  return displacementField(createImage(grid, planes, dims));
}

/** The records to write: of a composite, itself and then its members. */
export function encodeItk(transform: Transform): ItkRecord[] {
  if (transform.kind !== 'composite') return [encodeOne(transform)];
  const dims = dimensionsOf(transform);
  const type = `CompositeTransform_double_${dims}_${dims}`;
  return [{ type, parameters: [], fixed: [] }, ...transform.members.map(encodeOne)];
}

function encodeOne(transform: Single): ItkRecord {
  const dims = dimensionsOf(transform);
  const typed = (name: string) => `${name}_double_${dims}_${dims}`;
  switch (transform.kind) {
    case 'bspline': {
      const fixed = latticeNumbers(transform.grid);
      return { type: typed('BSplineTransform'), parameters: transform.parameters, fixed };
    }
    case 'displacement-field': {
      const { parameters: planes, grid } = transform;
      const voxels = voxelCount(grid.size);
      const parameters = Float64Array.from(
        planes,
        (_, i) => planes[(i % dims) * voxels + Math.floor(i / dims)],
      );
      return { type: typed('DisplacementFieldTransform'), parameters, fixed: latticeNumbers(grid) };
    }
    default: {
      const { kind, parameters, center, zyx } = transform;
      const name = CLASSES.find(([, ours]) => ours === kind)?.[0] ?? 'AffineTransform';
      const flag = kind === 'euler-3d' ? [zyx ? 1 : 0] : [];
      const fixed = kind === 'translation' ? [] : [...center, ...flag];
      return { type: typed(name), parameters, fixed };
    }
  }
}

const latticeNumbers = ({ size, origin, spacing, direction }: Grid): number[] => [
  ...size,
  ...origin,
  ...spacing,
  ...direction,
];
