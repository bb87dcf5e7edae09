/**
 * What lies outside the samples `a b c d`, by SciPy's names and meanings.
 *
 * - `constant`: `value` as soon as x < 0 or x > n-1, on any axis.
 * - `grid-constant`: the lattice of samples is extended by `value`, so linear fades over (-1, 0); torch's "zeros" is value 0.
 * - `buffer` (ITK): `value` outside [-0.5, n-0.5); inside it the edge, but mirror for prefiltered B-splines.
 * - `nearest`: a a a | a b c d | d d d.
 * - `reflect`: half sample, d c b a | a b c d | d c b a, period 2n.
 * - `mirror`: whole sample, d c b | a b c d | c b a, period 2n-2.
 * - `grid-wrap`: period n.
 * - `wrap`: SciPy's, period n-1: the last sample and the first coincide.
 *
 * A kernel that reaches beyond the samples from a position within them meets, for `constant` and `wrap`, the mirror
 * (SciPy). A position that is not finite has the boundary's value, or NaN where it has none.
 */
export type Boundary =
  | { readonly kind: 'constant' | 'grid-constant' | 'buffer'; readonly value: number }
  | { readonly kind: 'nearest' | 'reflect' | 'mirror' | 'grid-wrap' | 'wrap' };

/** A boundary's name, without its value. */
export type BoundaryKind = Boundary['kind'];

/** Every kind: what `"*"` of a capability stands for. */
export const BOUNDARY_KINDS: readonly BoundaryKind[] = [
  'constant',
  'grid-constant',
  'buffer',
  'nearest',
  'reflect',
  'mirror',
  'grid-wrap',
  'wrap',
];

/** The fill value of a boundary that has one, else 0. */
export const fillValue = (boundary: Boundary): number => ('value' in boundary ? boundary.value : 0);
