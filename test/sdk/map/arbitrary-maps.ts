import {
  type AffineMap,
  affineMap,
  type ContinuousMap,
  evaluate,
  type FieldMap,
  fieldMap,
  type Lattice,
  type Outside,
} from '@voxhost/sdk';
import fc from 'fast-check';

/** A number that keeps every map well scaled: rounding errors stay far below the tolerances of the laws. */
const coefficient = fc.double({ min: -2, max: 2, noNaN: true });

const numbers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(coefficient, { minLength: length, maxLength: length });

export const anyDims = fc.constantFrom(2, 3);

export const anyPoint = (dims: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -3, max: 8, noNaN: true }), { minLength: dims, maxLength: dims });

export const anyAffine = (dims: number): fc.Arbitrary<AffineMap> =>
  numbers(dims * (dims + 1)).map(affineMap);

const anyLattice = (dims: number, outsides: readonly Outside[]): fc.Arbitrary<Lattice> =>
  fc
    .record({
      size: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: dims, maxLength: dims }),
      order: fc.constantFrom<1 | 3>(1, 3),
      outside: fc.constantFrom(...outsides),
    })
    .chain((shape) => {
      const length = dims * shape.size.reduce((n, s) => n * s, 1);
      return numbers(length).map((data) => ({ ...shape, data: Float64Array.from(data) }));
    });

/** By default only `edge`, whose fields are continuous: a last bit before one cannot make it jump. */
export const anyField = (
  dims: number,
  outsides: readonly Outside[] = ['edge'],
): fc.Arbitrary<FieldMap> =>
  fc
    .record({
      matrix: numbers(dims * (dims + 1)),
      vectors: numbers(dims * dims),
      lookup: numbers(dims * (dims + 1)),
      lattice: anyLattice(dims, outsides),
    })
    .map(fieldMap);

export const anyMember = (
  dims: number,
  outsides?: readonly Outside[],
): fc.Arbitrary<AffineMap | FieldMap> => fc.oneof(anyAffine(dims), anyField(dims, outsides));

/** Names the half cells of all lattices that a point meets on its way: within one, a map is a polynomial. */
export function cellsOf(map: ContinuousMap, point: readonly number[]): string {
  const cells: number[] = [];
  let here: readonly number[] = point;
  for (const member of map.kind === 'sequence' ? map.maps : [map]) {
    if (member.kind === 'field') {
      const lookup = evaluate({ kind: 'affine', matrix: member.lookup }, here);
      cells.push(...lookup.map((x) => Math.floor(2 * x)));
    }
    here = [...evaluate(member, here)];
  }
  return cells.join(' ');
}
