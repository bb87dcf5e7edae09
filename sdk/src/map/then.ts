import { listOf, object, reading, requireArgument } from '../arguments/rule.js';
import { VoxhostError } from '../errors.js';
import {
  type AffineMap,
  type ContinuousMap,
  type FieldMap,
  mapDimensions,
  mapMembers,
} from '../index-map.js';
import { linearPart, multiplyAffine, multiplySquare } from '../matrix.js';
import { requireMap } from './map-problem.js';

/**
 * The map that applies `first`, then `next`: `evaluate(then(f, g), x) = evaluate(g, evaluate(f, x))`.
 *
 * Costs O(1): a matrix beside a matrix or a field folds into it, and the lattice stays the same object. What
 * does not fold, a field beside a field, becomes a sequence, so the members of a sequence are all fields.
 * Throws `BAD_ARGUMENT` when the dimensions differ.
 */
export function then(first: ContinuousMap, next: ContinuousMap): ContinuousMap {
  const dims = reading('first', () => mapDimensions(first));
  if (dims !== reading('next', () => mapDimensions(next))) {
    const reason = `works in ${mapDimensions(next)} dimensions after one of ${dims}`;
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'next', reason });
  }
  return reading('next', () => normalForm([...mapMembers(first), ...mapMembers(next)], dims));
}

/** The maps applied first to last, in normal form: a sequence, or what it folds into. Throws `BAD_ARGUMENT`. */
export function sequenceMap(maps: readonly ContinuousMap[]): ContinuousMap {
  requireArgument('maps', maps, listOf(object));
  const members = reading('maps', () => maps.flatMap(mapMembers));
  const [one] = members;
  const dims = one === undefined ? 3 : reading('maps', () => mapDimensions(one));
  requireMap({ kind: 'sequence', maps: members }, dims);
  return normalForm(members, dims);
}

function normalForm(members: readonly (AffineMap | FieldMap)[], dims: number): ContinuousMap {
  const folded: (AffineMap | FieldMap)[] = [];
  for (const member of members) {
    const last = folded.at(-1);
    const both = last === undefined ? undefined : fold(last, member, dims);
    if (both === undefined) folded.push(member);
    else folded[folded.length - 1] = both;
  }
  const [only] = folded;
  if (folded.length === 1 && only !== undefined) return only;
  return Object.freeze({ kind: 'sequence', maps: Object.freeze(folded) });
}

/** One map for two neighbours, or undefined when both are fields. */
function fold(
  first: AffineMap | FieldMap,
  next: AffineMap | FieldMap,
  dims: number,
): AffineMap | FieldMap | undefined {
  const matrix = (): Float64Array => multiplyAffine(next.matrix, first.matrix, dims);
  if (first.kind === 'affine' && next.kind === 'affine') {
    return Object.freeze({ kind: 'affine', matrix: matrix() });
  }
  if (first.kind === 'affine' && next.kind === 'field') {
    const lookup = multiplyAffine(next.lookup, first.matrix, dims);
    return Object.freeze({ ...next, matrix: matrix(), lookup });
  }
  if (first.kind === 'field' && next.kind === 'affine') {
    const vectors = multiplySquare(linearPart(next.matrix, dims), first.vectors, dims);
    return Object.freeze({ ...first, matrix: matrix(), vectors });
  }
  return undefined;
}
