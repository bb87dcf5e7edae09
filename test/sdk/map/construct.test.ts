import assert from 'node:assert/strict';
import {
  affineMap,
  evaluate,
  fieldMap,
  type IndexMap,
  identityMap,
  invertAffine,
  isVoxhostError,
  locateAll,
  mapProblem,
  outputIndices,
  pointsMap,
  then,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { anyAffine, anyDims, anyField, anyPoint } from './arbitrary-maps.js';

const isBadArgument = (error: unknown): boolean => isVoxhostError(error, 'BAD_ARGUMENT');

const lattice = { size: [2, 2], order: 1, outside: 'edge', data: new Float64Array(8) } as const;

describe('map constructors', () => {
  it('refuse what does not fit', () => {
    const attempts: readonly (() => unknown)[] = [
      () => affineMap([1, 0, 0, 1]),
      () => affineMap([1, 0, 0, 0, 1, Number.NaN]),
      () => identityMap(4),
      () => fieldMap({ lattice, matrix: [1] }),
      () => fieldMap({ lattice, vectors: [1, 0, 0] }),
      () => fieldMap({ lattice, lookup: [1, 0, 0, 0, 1, Number.POSITIVE_INFINITY] }),
      () => fieldMap({ lattice: { ...lattice, size: [2, 3] } }),
      () => fieldMap({ lattice: { ...lattice, size: [2, 0] } }),
      () => fieldMap({ lattice: { ...lattice, order: 2 as 1 } }),
      () => fieldMap({ lattice: { ...lattice, outside: 'clamp' as 'edge' } }),
      () => pointsMap(new Float32Array(6) as never),
    ];
    for (const attempt of attempts) assert.throws(attempt, isBadArgument, `${attempt}`);
  });

  it('copy an affine, and keep the lattice itself', () => {
    const numbers = Float64Array.of(1, 0, 0, 0, 1, 0);
    const map = affineMap(numbers);
    numbers[0] = 5;
    assert.equal(map.matrix[0], 1);
    assert.equal(fieldMap({ lattice }).lattice, lattice);
  });

  it('mapProblem names what is wrong with any map', () => {
    const wrong: readonly IndexMap[] = [
      identityMap(3),
      pointsMap(new Float64Array(3)),
      { kind: 'sequence', maps: [] },
      { kind: 'sequence', maps: [{ kind: 'sequence', maps: [] } as never] },
      { kind: 'sequence', maps: [identityMap(2), identityMap(3)] },
      { kind: 'other' } as never,
    ];
    for (const map of wrong) assert.equal(typeof mapProblem(map, 2), 'string');
    assert.equal(mapProblem(fieldMap({ lattice }), 2), undefined);
  });
});

describe('invertAffine', () => {
  it('undoes a map on both sides, as closely as its condition allows', () => {
    fc.assert(
      fc.property(
        anyDims.chain((dims) => fc.tuple(anyAffine(dims), anyPoint(dims))),
        ([map, x]) => {
          let inverse: typeof map;
          try {
            inverse = invertAffine(map);
          } catch (error) {
            assert.ok(isBadArgument(error));
            return fc.pre(false);
          }
          const size =
            Math.max(...map.matrix.map(Math.abs)) * Math.max(...inverse.matrix.map(Math.abs));
          fc.pre(size < 1e6);
          for (const both of [then(map, inverse), then(inverse, map)]) {
            for (const [a, value] of evaluate(both, x).entries()) {
              assert.ok(Math.abs(value - x[a]) < 1e-13 * size * 100);
            }
          }
        },
      ),
    );
  });

  it('refuses a singular map, also one that rounding made nearly so', () => {
    const third = 1 / 3;
    for (const matrix of [
      [1, 2, 0, 2, 4, 0],
      [0, 0, 0, 0, 0, 0],
      [0.1, 0.2, 0.3, 0, third, 2 * third, 1, 0, 0.1 + third, 0.2 + 2 * third, 1.3, 0],
    ]) {
      assert.throws(() => invertAffine(affineMap(matrix)), isBadArgument);
    }
  });

  it('takes a scale of any size', () => {
    const inverse = invertAffine(affineMap([1e-200, 0, 0, 0, 1e100, 5]));
    assert.deepEqual([...evaluate(inverse, [1e-200, 1e100 + 5])], [1, 1]);
  });
});

describe('locateAll', () => {
  it('gives a block the bits of its part of the whole', () => {
    fc.assert(
      fc.property(
        anyDims.chain((dims) => fc.oneof(anyAffine(dims), anyField(dims))),
        (map) => {
          const dims = map.matrix.length === 6 ? 2 : 3;
          const whole = locateAll(map, { size: [5, 4, 3].slice(0, dims) }, dims);
          const start = [2, 1, 1].slice(0, dims);
          const block = locateAll(map, { start, size: [3, 2, 1].slice(0, dims) }, dims);
          const row = (5 * (1 + 4 * (dims === 3 ? 1 : 0)) + 2) * dims;
          assert.deepEqual(block.subarray(0, 3 * dims), whole.subarray(row, row + 3 * dims));
        },
      ),
    );
  });

  it('gives every sample the bits of evaluate', () => {
    fc.assert(
      fc.property(
        anyDims.chain((dims) => fc.oneof(anyAffine(dims), anyField(dims))),
        (map) => {
          const dims = map.matrix.length === 6 ? 2 : 3;
          const samples = { size: [4, 3, 2].slice(0, dims), start: [-2, 5, 1].slice(0, dims) };
          const indices = outputIndices(samples, dims);
          const positions = locateAll(map, samples, dims);
          for (let at = 0; at < indices.length; at += dims) {
            const index = indices.subarray(at, at + dims);
            assert.deepEqual(positions.subarray(at, at + dims), evaluate(map, index));
          }
        },
      ),
    );
  });

  it('puts x fastest, at the absolute index', () => {
    const positions = locateAll(identityMap(2), { size: [2, 2], start: [10, -1] }, 2);
    assert.deepEqual([...positions], [10, -1, 11, -1, 10, 0, 11, 0]);
  });

  it('takes points, and the positions of a points map as they are', () => {
    const points = Float64Array.of(1, 2, 3, 4);
    const moved = locateAll(affineMap([1, 0, 1, 0, 1, 1]), { points }, 2);
    assert.deepEqual([...moved], [2, 3, 4, 5]);
    const positions = locateAll(pointsMap(points), { size: [2, 1] }, 2);
    assert.deepEqual(positions, points);
    assert.notEqual(positions, points);
  });

  it('refuses samples that fit neither the dimensions nor the positions', () => {
    const map = identityMap(2);
    const attempts: readonly (() => unknown)[] = [
      () => locateAll(map, { size: [2, 2, 2] }, 2),
      () => locateAll(map, { size: [2, 1.5] }, 2),
      () => locateAll(map, { size: [2, -1] }, 2),
      () => locateAll(map, { size: [2, 2], start: [0] }, 2),
      () => locateAll(map, { points: new Float64Array(3) }, 2),
      () => locateAll(map, { points: [1, 2] as never }, 2),
      () => locateAll(map, { size: [2, 2] }, 3),
      () => locateAll(pointsMap(new Float64Array(4)), { size: [3, 1] }, 2),
    ];
    for (const attempt of attempts) assert.throws(attempt, isBadArgument, `${attempt}`);
  });
});
