/**
 * How a value between voxels comes about.
 *
 * - `nearest`: `floor(x + 0.5)`, as SciPy and ITK; `nearest-even`: ties to the even index, as torch and ONNX.
 * - `linear`: the separable hat.
 * - `bspline2` to `bspline5`: interpolating B-splines, prefiltered with the extension of the boundary.
 * - `bspline2-raw` to `bspline5-raw`: the voxels are the B-spline's coefficients, so that it smooths and does
 *   not interpolate (SciPy's `prefilter=False`), or continues coefficients that were computed before.
 * - `keys-0.5`, `keys-0.75`: Keys' cubic convolution, 4 taps; a = -0.5 (Catmull-Rom), a = -0.75 (torch, ONNX).
 * - `lanczos3`: sinc windowed by a sinc, 6 taps per axis, weights divided by their sum.
 * - `label-linear`: the label whose summed linear weight is largest, ties to the smaller label.
 */
export type Interpolator =
  | 'nearest'
  | 'nearest-even'
  | 'linear'
  | 'bspline2'
  | 'bspline3'
  | 'bspline4'
  | 'bspline5'
  | 'bspline2-raw'
  | 'bspline3-raw'
  | 'bspline4-raw'
  | 'bspline5-raw'
  | 'keys-0.5'
  | 'keys-0.75'
  | 'lanczos3'
  | 'label-linear';

/** Every interpolator: what `"*"` of a capability stands for. */
export const INTERPOLATORS: readonly Interpolator[] = [
  'nearest',
  'nearest-even',
  'linear',
  'bspline2',
  'bspline3',
  'bspline4',
  'bspline5',
  'bspline2-raw',
  'bspline3-raw',
  'bspline4-raw',
  'bspline5-raw',
  'keys-0.5',
  'keys-0.75',
  'lanczos3',
  'label-linear',
];

/** Order of a B-spline interpolator that needs a prefilter, or undefined for every other. */
export function splineOrder(interpolator: Interpolator): 2 | 3 | 4 | 5 | undefined {
  switch (interpolator) {
    case 'bspline2':
      return 2;
    case 'bspline3':
      return 3;
    case 'bspline4':
      return 4;
    case 'bspline5':
      return 5;
    default:
      return undefined;
  }
}
