import assert from 'node:assert/strict';
import {
  type AffineMap,
  accumulate,
  type ContinuousMap,
  evaluate,
  type FieldMap,
  isVoxhostError,
  jacobian,
  type Outside,
  pointsMap,
  pullback,
  type SequenceMap,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { anyDims, anyMember, anyPoint, cellsOf } from './arbitrary-maps.js';

const STEP = 1e-6;
/** Rounding of the values over 2 · STEP leaves 1e-9 of the largest slope. */
const TOLERANCE = 1e-6;

const OUTSIDES: readonly Outside[] = ['zero', 'buffer', 'edge'];

type Member = AffineMap | FieldMap;

/** An unfolded sequence, whose members keep parameters of their own. */
const sequence = (maps: readonly Member[]): SequenceMap => ({ kind: 'sequence', maps });

const anyCase = anyDims.chain((dims) =>
  fc.record({
    maps: fc.array(anyMember(dims, OUTSIDES), { minLength: 1, maxLength: 3 }),
    point: anyPoint(dims),
    cotangent: anyPoint(dims),
  }),
);

const parametersOf = (map: Member): Float32Array | Float64Array =>
  map.kind === 'affine' ? map.matrix : map.lattice.data;

function withParameter(map: Member, index: number, change: number): Member {
  const changed = Float64Array.from(parametersOf(map));
  changed[index] += change;
  if (map.kind === 'affine') return { ...map, matrix: changed };
  return { ...map, lattice: { ...map.lattice, data: changed } };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 1);

/** Does no step of the differences meet a knot? */
const isAwayFromKnots = (map: ContinuousMap, point: readonly number[]): boolean =>
  point.every((_, axis) =>
    [-STEP, STEP].every((step) => {
      const moved = point.map((x, a) => (a === axis ? x + step : x));
      return cellsOf(map, moved) === cellsOf(map, point);
    }),
  );

function shifted(map: ContinuousMap, point: readonly number[], axis: number): number[] {
  const at = (step: number): Float64Array =>
    evaluate(
      map,
      point.map((x, a) => (a === axis ? x + step : x)),
    );
  const [before, after] = [at(-STEP), at(STEP)];
  return Array.from(after, (value, r) => (value - before[r]) / (2 * STEP));
}

describe('jacobian', () => {
  it('is the central difference of the map away from knots', () => {
    fc.assert(
      fc.property(anyCase, ({ maps, point }) => {
        const map = sequence(maps);
        fc.pre(isAwayFromKnots(map, point));
        const derivative = jacobian(map, point);
        const dims = point.length;
        for (let axis = 0; axis < dims; axis++) {
          const column = shifted(map, point, axis);
          for (const [r, difference] of column.entries()) {
            const error = Math.abs(derivative[r * dims + axis] - difference);
            assert.ok(error < TOLERANCE * 10 * largest(derivative), `${error}`);
          }
        }
      }),
    );
  });
});

describe('accumulate', () => {
  it('adds the difference of cotangent · value by each parameter, on which the value is linear', () => {
    fc.assert(
      fc.property(anyCase, ({ maps: [map], point, cotangent }) => {
        const into = new Float64Array(parametersOf(map).length).fill(7);
        accumulate(map, point, cotangent, into);
        const here = dot(cotangent, evaluate(map, point));
        for (const [i, derivative] of into.entries()) {
          const there = dot(cotangent, evaluate(withParameter(map, i, 1), point));
          assert.ok(Math.abs(derivative - 7 - (there - here)) < 1e-10 * largest([here, there]));
        }
      }),
    );
  });
});

describe('pullback', () => {
  it('gives each member its derivative through those after it', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), ({ maps, point, cotangent }, pick) => {
        const points = Float64Array.from([...point, ...point]);
        const derivatives = pullback(
          sequence(maps),
          points,
          Float64Array.from([...cotangent, ...cotangent]),
        );
        assert.equal(derivatives.length, maps.length);
        for (const [m, derivative] of derivatives.entries()) {
          const index = pick % derivative.length;
          const moved = (change: number): SequenceMap =>
            sequence(maps.with(m, withParameter(maps[m], index, change)));
          const value = (change: number): number =>
            2 * dot(cotangent, evaluate(moved(change), point));
          fc.pre(cellsOf(moved(-STEP), point) === cellsOf(moved(STEP), point));
          const difference = (value(STEP) - value(-STEP)) / (2 * STEP);
          assert.ok(
            Math.abs(derivative[index] - difference) < TOLERANCE * 100 * largest(derivative),
            `member ${m}: ${derivative[index]} and ${difference}`,
          );
        }
      }),
    );
  });

  it('of one map is what accumulate adds', () => {
    fc.assert(
      fc.property(anyCase, ({ maps: [map], point, cotangent }) => {
        const into = new Float64Array(parametersOf(map).length);
        accumulate(map, point, cotangent, into);
        const pulled = pullback(map, Float64Array.from(point), Float64Array.from(cotangent));
        assert.deepEqual(pulled, [into]);
      }),
    );
  });

  it('adds to what an earlier call answered', () => {
    fc.assert(
      fc.property(anyCase, ({ maps, point, cotangent }) => {
        const [points, cotangents] = [Float64Array.from(point), Float64Array.from(cotangent)];
        const once = pullback(sequence(maps), points, cotangents);
        const into = pullback(sequence(maps), points, cotangents);
        const twice = pullback(sequence(maps), points, cotangents, into);
        assert.equal(twice, into);
        for (const [m, sums] of once.entries()) {
          for (const [i, sum] of sums.entries()) {
            assert.ok(Math.abs(twice[m][i] - 2 * sum) <= 1e-12 * largest(sums), `${m} ${i}`);
          }
        }
      }),
    );
  });

  it('of points is the cotangents, since the positions are the parameters', () => {
    const cotangents = Float64Array.of(1, 2, 3, 4, 5, 6);
    const pulled = pullback(pointsMap(new Float64Array(6)), new Float64Array(6), cotangents);
    assert.deepEqual(pulled, [cotangents]);
    assert.notEqual(pulled[0], cotangents);
  });

  it('refuses lengths that differ', () => {
    assert.throws(
      () => pullback(pointsMap(new Float64Array(6)), new Float64Array(6), new Float64Array(3)),
      (error) => isVoxhostError(error, 'BAD_ARGUMENT'),
    );
  });
});
