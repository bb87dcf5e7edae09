import type { BoundaryKind } from '../boundary.js';
import { type Extension, extensionOf } from './fold.js';

/**
 * SciPy's margin: so many samples of padding bring the influence of how the line goes on, which falls with the
 * largest pole (0.43 for order 5), below 1e-4 of it.
 */
const MARGIN = 12;

/**
 * By how many samples a line is padded at either end before a B-spline's prefilter, as in `scipy.ndimage`: where no
 * filter can extend it as the boundary does, it is given what the boundary means.
 */
export function splineMargin(boundary: BoundaryKind): number {
  const extension = extensionOf(boundary, true);
  return extension === 'clamp' || extension === 'fill' ? MARGIN : 0;
}

/** How the prefilter extends a line: one padded by its edge by half-sample reflection, one padded by a value mirrored. */
export function filterExtension(boundary: BoundaryKind): Extension {
  const extension = extensionOf(boundary, true);
  if (extension === 'clamp') return 'reflect';
  return extension === 'fill' ? 'mirror' : extension;
}
