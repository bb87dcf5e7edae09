import assert from 'node:assert/strict';
import { evaluate, indexToPhysical } from '@voxhost/sdk';
import {
  bspline,
  composite,
  inverse,
  linear,
  linearMatrix,
  rigid,
  similarity,
  toIndexMap,
  transformDimensions,
  transformPoint,
  translation,
  versorRigid,
} from 'voxhost/geometry';
import { largestDifference } from '../io/support.js';
import { oblique, TRANSFORMS, waves } from './support.js';

/** A few hundred float64 operations on numbers below 100. */
const ROUNDING = 1e-11;

const pointsOf = (dims: number): Float64Array[] =>
  Array.from({ length: 50 }, (_, n) => waves(dims, n + 1.3).map((v) => 30 * v));

function atIndex(matrix: Float64Array, index: ArrayLike<number>): Float64Array {
  return evaluate({ kind: 'affine', matrix }, index);
}

describe('a transform between oblique grids', () => {
  for (const [name, transform] of Object.entries(TRANSFORMS)) {
    it(`${name}: the map of indices is the transform of points`, () => {
      const dims = transformDimensions(transform) === 2 ? 2 : 3;
      const { output, input } = oblique(dims);
      const map = toIndexMap(transform, output, input);
      for (const index of pointsOf(dims)) {
        const there = atIndex(indexToPhysical(input), evaluate(map, index));
        const wanted = transformPoint(transform, atIndex(indexToPhysical(output), index));
        assert.ok(largestDifference(there, wanted) < ROUNDING);
      }
    });
  }

  it('a chain of matrices is one matrix; a spline between matrices is one field', () => {
    const { output, input } = oblique(3);
    const chain = composite([TRANSFORMS['euler-3d'], TRANSFORMS['affine 3-D']]);
    assert.equal(toIndexMap(chain, output, input).kind, 'affine');
    const between = composite([
      TRANSFORMS['euler-3d'],
      TRANSFORMS['bspline 3-D'],
      translation([1, 2, 3]),
    ]);
    assert.equal(toIndexMap(between, output, input).kind, 'field');
    assert.equal(toIndexMap(TRANSFORMS['composite of all'], output, input).kind, 'sequence');
  });

  it('is refused where the dimensions differ', () => {
    const { output, input } = oblique(3);
    assert.throws(() => toIndexMap(translation([1, 2]), output, input), { code: 'BAD_ARGUMENT' });
  });

  it('a composite without members is the identity', () => {
    const { output } = oblique(3);
    const map = toIndexMap(composite([]), output, output);
    assert.ok(largestDifference(evaluate(map, [1, 2, 3]), [1, 2, 3]) < ROUNDING);
  });
});

describe('a composite', () => {
  it('applies its last member first, as ITK', () => {
    const double = linear('scale', 3, [2, 2, 2]);
    const moved = composite([double, translation([1, 0, 0])]);
    assert.deepEqual([...transformPoint(moved, [1, 1, 1])], [4, 2, 2]);
  });

  it('inside a composite is flattened in place', () => {
    const inner = composite([translation([1, 0, 0]), translation([0, 1, 0])]);
    const outer = composite([inner, linear('scale', 3, [2, 2, 2])]);
    assert.deepEqual(
      outer.members.map((m) => m.kind),
      ['translation', 'translation', 'scale'],
    );
  });
});

describe('an inverse', () => {
  const linears = Object.entries(TRANSFORMS).filter(([name]) => !/bspline|field|all/.test(name));
  for (const [name, transform] of linears) {
    it(`of ${name} undoes it on both sides`, () => {
      const back = inverse(transform);
      for (const point of pointsOf(transformDimensions(transform))) {
        assert.ok(
          largestDifference(transformPoint(back, transformPoint(transform, point)), point) <
            ROUNDING,
        );
        assert.ok(
          largestDifference(transformPoint(transform, transformPoint(back, point)), point) <
            ROUNDING,
        );
      }
    });
  }

  it('of a B-spline has no closed form, and says so', () => {
    assert.throws(() => inverse(TRANSFORMS['bspline 3-D']), { code: 'NOT_EXPRESSIBLE' });
  });
});

describe('making a transform', () => {
  it('by Euler angles or by versor gives the same rotation', () => {
    const angles = [0.2, -0.3, 0.5];
    const euler = linearMatrix(rigid({ rotation: angles }));
    const scaled = linearMatrix(similarity({ rotation: angles }));
    assert.ok(largestDifference(euler, scaled) < ROUNDING);
    const [x, y, z] = similarity({ rotation: angles }).parameters;
    assert.ok(
      largestDifference(euler, linearMatrix(versorRigid({ versor: [x, y, z] }))) < ROUNDING,
    );
  });

  it('by angles near half a turn still gives the rotation', () => {
    for (const angles of [
      [Math.PI, 0, 0],
      [0, Math.PI, 0],
      [0, 0, Math.PI],
      [3, 3, 3],
    ]) {
      const [euler, scaled] = [rigid({ rotation: angles }), similarity({ rotation: angles })];
      assert.ok(largestDifference(linearMatrix(euler), linearMatrix(scaled)) < ROUNDING);
    }
  });

  it('is refused with numbers that do not fit', () => {
    const wrong = { code: 'BAD_ARGUMENT' };
    assert.throws(() => linear('euler-3d', 3, [1, 2, 3]), wrong);
    assert.throws(() => linear('euler-3d', 2, [1, 2, 3, 4, 5, 6]), wrong);
    assert.throws(() => linear('translation', 3, [1, NaN, 3]), wrong);
    assert.throws(() => versorRigid({ versor: [1, 1, 1] }), wrong);
    assert.throws(() => translation([1]), wrong);
    assert.throws(() => bspline(oblique(3).output, new Float64Array(5)), wrong);
    assert.throws(() => linear('affine', 2, [1, 0, 0, 1, 0, 0], { center: [0] }), wrong);
  });
});
