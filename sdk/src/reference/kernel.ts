import type { Interpolator } from '../interpolator.js';
import { bsplineKernel } from './bspline-kernel.js';
import { keysKernel } from './keys-kernel.js';
import { lanczosKernel } from './lanczos-kernel.js';
import { linearKernel } from './linear-kernel.js';
import { nearestEvenKernel, nearestKernel } from './nearest-kernel.js';
import type { Kernel } from './taps.js';

/** The kernel of each interpolator; `label-linear` votes with the weights of linear. */
export const KERNELS: { readonly [I in Interpolator]: Kernel } = {
  nearest: nearestKernel,
  'nearest-even': nearestEvenKernel,
  linear: linearKernel,
  bspline2: bsplineKernel(2),
  bspline3: bsplineKernel(3),
  bspline4: bsplineKernel(4),
  bspline5: bsplineKernel(5),
  'bspline2-raw': bsplineKernel(2),
  'bspline3-raw': bsplineKernel(3),
  'bspline4-raw': bsplineKernel(4),
  'bspline5-raw': bsplineKernel(5),
  'keys-0.5': keysKernel(-0.5),
  'keys-0.75': keysKernel(-0.75),
  lanczos3: lanczosKernel,
  'label-linear': linearKernel,
};
