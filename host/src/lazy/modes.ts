import { type Boundary, INTERPOLATORS, type Interpolator } from '@voxhost/sdk';
import { own } from '../own.js';
import { boundaryNamed, interpolatorNamed } from './synonyms.js';

/** `mode` of MONAI's resampling transforms: torch's name, or the order of a spline of SciPy's. */
export type ModeName = string | number;

/** `align_corners`; `monai-legacy` also stretches the sampling as MONAI did up to 1.5 (see `legacyStretch`). */
export type AlignCorners = boolean | 'monai-legacy' | null;

/** SciPy's names that MONAI takes for torch's when the mode is torch's. */
const HARD_CONSTANTS: readonly string[] = ['constant', 'grid-constant'];

/** torch's names beside a spline order, as MONAI resolves them: its "zeros" is then SciPy's hard constant. */
const TORCH_IN_SCIPY: { readonly [name: string]: string } = {
  zeros: 'constant',
  border: 'nearest',
  reflection: 'reflect',
};

const TORCH_PADDING: readonly string[] = Object.keys(TORCH_IN_SCIPY);

/** Our interpolator for a `mode` of MONAI's, or by our own name. Throws `NOT_EXPRESSIBLE`. */
export function interpolatorOfMode(mode: ModeName): Interpolator {
  const own = INTERPOLATORS.find((name) => name === mode && !TORCH_MODES.includes(name));
  return own ?? interpolatorNamed(String(mode), isOrder(mode) ? 'scipy' : 'torch');
}

/** Names that torch has too and means otherwise, or the same. */
const TORCH_MODES: readonly string[] = ['nearest', 'linear'];

/** Modes of torch.interpolate that are no interpolators. */
const RESIZING_MODES: readonly ModeName[] = ['area', 'nearest-exact'];

/** Why a mode is of no use to any transform, or undefined. */
export function modeProblem(mode: ModeName): string | undefined {
  if (RESIZING_MODES.includes(mode)) return undefined;
  try {
    interpolatorOfMode(mode);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What a `padding_mode` leaves open. */
export interface PaddingDetails {
  readonly alignCorners?: AlignCorners;
  /** Of the constant kinds; default 0. */
  readonly value?: number;
}

/**
 * Our boundary for a `padding_mode` beside a `mode`: SciPy's names keep SciPy's meaning beside either kind
 * of mode, except that a constant beside torch's modes is torch's zeros. Throws `NOT_EXPRESSIBLE`.
 */
export function boundaryOfPadding(
  padding: string,
  mode: ModeName,
  details: PaddingDetails = {},
): Boundary {
  const value = details.value ?? 0;
  if (isOrder(mode))
    return boundaryNamed(own(TORCH_IN_SCIPY, padding) ?? padding, { value }, 'scipy');
  if (HARD_CONSTANTS.includes(padding)) return { kind: 'grid-constant', value };
  if (padding === 'buffer') return { kind: 'buffer', value };
  if (!TORCH_PADDING.includes(padding)) return boundaryNamed(padding, { value }, 'scipy');
  const alignCorners = details.alignCorners === true || details.alignCorners === 'monai-legacy';
  return boundaryNamed(padding, { alignCorners, value }, 'torch');
}

/** MONAI also takes orders written as text. */
const isOrder = (mode: ModeName): boolean => typeof mode === 'number' || /^\d+$/.test(mode);

/**
 * `S_in⁻¹ · M · S_out` with `S(i) = i · n / (n - 1) - 0.5`: what MONAI up to 1.5 sampled for
 * align_corners=True, normalising as if it were false. Row-major D × (D+1) in and out.
 */
export function legacyStretch(
  matrix: ArrayLike<number>,
  inSize: readonly number[],
  outSize: readonly number[],
): Float64Array {
  const dims = inSize.length;
  const stretch = (n: number): number => n / (n - 1);
  return Float64Array.from({ length: dims * (dims + 1) }, (_, i) => {
    const row = Math.floor(i / (dims + 1));
    const column = i % (dims + 1);
    const back = stretch(inSize[row]);
    if (column < dims) return (matrix[i] * stretch(outSize[column])) / back;
    const shifted = outSize.reduce(
      (sum, _n, c) => sum - 0.5 * matrix[row * (dims + 1) + c],
      matrix[i],
    );
    return (shifted + 0.5) / back;
  });
}
