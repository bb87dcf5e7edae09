import type { Boundary, Interpolator } from '@voxhost/sdk';
import { boundaryOfPadding, interpolatorNamed, interpolatorOfMode } from 'voxhost/lazy';

/** How an `AffineResample` or a `GridResample` samples. */
export interface GoldenSampling {
  readonly mode: string | number;
  readonly padding_mode: string;
  readonly align_corners: boolean;
  readonly cval?: number;
  readonly prefilter?: boolean;
}

export const samplingOf = (
  params: GoldenSampling,
): { readonly interpolator: Interpolator; readonly boundary: Boundary } => ({
  interpolator: interpolatorOf(params),
  boundary: boundaryOfPadding(params.padding_mode, params.mode, {
    alignCorners: params.align_corners,
    value: params.cval ?? 0,
  }),
});

/** Without a prefilter the voxels themselves are the coefficients of a B-spline. */
function interpolatorOf({ mode, prefilter }: GoldenSampling): Interpolator {
  const interpolator = interpolatorOfMode(mode);
  const raw = prefilter === false && interpolator.startsWith('bspline');
  return raw ? interpolatorNamed(`${interpolator}-raw`) : interpolator;
}
