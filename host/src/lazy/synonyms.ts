import {
  BOUNDARY_KINDS,
  type Boundary,
  type BoundaryKind,
  INTERPOLATORS,
  type Interpolator,
} from '@voxhost/sdk';
import { oneOf, requireArgument, text } from '@voxhost/sdk/arguments';
import { HostError } from '../errors.js';
import { own } from '../own.js';
import type { PadFill } from './pad-image.js';

/**
 * Whose names are meant. `pad` is NumPy's `pad` together with torch's `functional.pad`, which agree where
 * both have a name; `scipy` is also CuPy's.
 */
export type Vocabulary = 'voxhost' | 'torch' | 'scipy' | 'pad' | 'itk' | 'onnx';

/** All of them. */
export const VOCABULARIES: readonly Vocabulary[] = [
  'voxhost',
  'torch',
  'scipy',
  'pad',
  'itk',
  'onnx',
];

type Names<T> = { readonly [name: string]: T };

/** A name that exists and has no equal here, with what to do instead. */
interface Refusal {
  readonly refused: string;
}

const refuse = (refused: string): Refusal => ({ refused });

const AREA = refuse(
  'averages, which is an operation of its own; use Resize or Zoom with mode "area"',
);
const SMOOTHING = refuse('smooths instead of interpolating; use linear or a B-spline');

const ours = <T extends string>(names: readonly T[]): Names<T> =>
  Object.fromEntries(names.map((name) => [name, name])) as Names<T>;

/**
 * Interpolators by other names. torch and ONNX round ties to even and have Keys' cubic with a = -0.75;
 * SciPy's orders 2 to 5 and ITK's B-splines prefilter.
 */
const INTERPOLATOR_NAMES: { readonly [V in Vocabulary]: Names<Interpolator | Refusal> } = {
  voxhost: ours(INTERPOLATORS),
  torch: {
    nearest: 'nearest-even',
    linear: 'linear',
    bilinear: 'linear',
    trilinear: 'linear',
    bicubic: 'keys-0.75',
    area: AREA,
    'nearest-exact': refuse(
      'belongs to torch.interpolate; use Resize, or the interpolator "nearest"',
    ),
  },
  scipy: {
    '0': 'nearest',
    '1': 'linear',
    '2': 'bspline2',
    '3': 'bspline3',
    '4': 'bspline4',
    '5': 'bspline5',
  },
  pad: {},
  itk: {
    NearestNeighbor: 'nearest',
    Linear: 'linear',
    BSpline: 'bspline3',
    BSpline2: 'bspline2',
    BSpline3: 'bspline3',
    BSpline4: 'bspline4',
    BSpline5: 'bspline5',
    LanczosWindowedSinc: 'lanczos3',
    LabelLinear: 'label-linear',
    Gaussian: SMOOTHING,
    LabelGaussian: SMOOTHING,
  },
  onnx: {
    nearest: 'nearest-even',
    linear: 'linear',
    bilinear: 'linear',
    trilinear: 'linear',
    cubic: 'keys-0.75',
    bicubic: 'keys-0.75',
  },
};

/** The kind of reflection that torch and ONNX mean depends on align_corners: half sample, or whole sample. */
const REFLECTION = 'reflection';

const RESAMPLER = refuse('fits only a pad operation; use SpatialPad or BorderPad');

/** Boundaries by other names. False friends: NumPy's "reflect" is "mirror" here, its "wrap" is "grid-wrap". */
const BOUNDARY_NAMES: {
  readonly [V in Vocabulary]: Names<BoundaryKind | typeof REFLECTION | Refusal>;
} = {
  voxhost: ours(BOUNDARY_KINDS),
  torch: { zeros: 'grid-constant', border: 'nearest', reflection: REFLECTION },
  scipy: {
    constant: 'constant',
    'grid-constant': 'grid-constant',
    nearest: 'nearest',
    reflect: 'reflect',
    'grid-mirror': 'reflect',
    mirror: 'mirror',
    'grid-wrap': 'grid-wrap',
    wrap: 'wrap',
  },
  pad: {
    constant: 'grid-constant',
    edge: 'nearest',
    replicate: 'nearest',
    symmetric: 'reflect',
    reflect: 'mirror',
    wrap: 'grid-wrap',
    circular: 'grid-wrap',
    maximum: RESAMPLER,
    mean: RESAMPLER,
    minimum: RESAMPLER,
    median: refuse('has no equal here; use "mean"'),
    linear_ramp: refuse('has no equal here; use "edge"'),
    empty: refuse('leaves values undefined; use "constant"'),
  },
  itk: {
    DefaultPixelValue: 'buffer',
    Constant: 'grid-constant',
    ZeroFluxNeumann: 'nearest',
    Mirror: 'reflect',
    Periodic: 'grid-wrap',
    Wrap: 'grid-wrap',
  },
  onnx: { zeros: 'grid-constant', border: 'nearest', reflection: REFLECTION },
};

/** What a boundary name leaves open. */
export interface BoundaryDetails {
  /** Value of the constant kinds; default 0. */
  readonly value?: number;
  /** Selects whole-sample reflection for torch's and ONNX's "reflection"; never moves a sample. Default false. */
  readonly alignCorners?: boolean;
}

/** Our interpolator for a name, `vocabulary:name` or a name of ours. Throws `NOT_EXPRESSIBLE` where there is no equal. */
export function interpolatorNamed(name: string, vocabulary: Vocabulary = 'voxhost'): Interpolator {
  return lookUp('interpolator', name, vocabulary, INTERPOLATOR_NAMES);
}

/** Our boundary for a name, `vocabulary:name` or a name of ours. Throws `NOT_EXPRESSIBLE` where there is no equal. */
export function boundaryNamed(
  name: string,
  details: BoundaryDetails = {},
  vocabulary: Vocabulary = 'voxhost',
): Boundary {
  const found = lookUp('boundary', name, vocabulary, BOUNDARY_NAMES);
  const kind = found === REFLECTION ? (details.alignCorners ? 'mirror' : 'reflect') : found;
  return boundaryOfKind(kind, details.value ?? 0);
}

/** What a pad's name fills with: NumPy's statistics, or a boundary of `pad`. Throws `NOT_EXPRESSIBLE`. */
export function padFillNamed(name: string, value = 0): PadFill {
  if (name === 'maximum' || name === 'mean' || name === 'minimum') return { kind: name };
  return boundaryNamed(name, { value }, 'pad');
}

/** A boundary of a kind; `value` is for the kinds that have one. */
function boundaryOfKind(kind: BoundaryKind, value: number): Boundary {
  if (kind === 'constant' || kind === 'grid-constant' || kind === 'buffer') return { kind, value };
  return { kind };
}

function lookUp<T extends string>(
  what: string,
  name: string,
  vocabulary: Vocabulary,
  table: { readonly [V in Vocabulary]: Names<T | Refusal> },
): T {
  requireArgument(what, name, text);
  requireArgument('vocabulary', vocabulary, oneOf(...VOCABULARIES));
  const prefix = VOCABULARIES.find((v) => name.startsWith(`${v}:`));
  if (prefix !== undefined) return lookUp(what, name.slice(prefix.length + 1), prefix, table);
  const names = table[vocabulary];
  const found = own(names, name);
  if (typeof found === 'string') return found;
  throw new HostError('NOT_EXPRESSIBLE', {
    what: `${what} "${name}" of ${vocabulary}`,
    reason: found === undefined ? 'is not known' : found.refused,
    remedy: `known: ${accepted(names)}`,
  });
}

function accepted<T extends string>(names: Names<T | Refusal>): string {
  const usable = Object.keys(names).filter((name) => typeof names[name] === 'string');
  return usable.length === 0 ? 'none' : usable.join(', ');
}
