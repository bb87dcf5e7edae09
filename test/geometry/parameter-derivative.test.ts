import assert from 'node:assert/strict';
import { evaluate, type IndexMap, pullback } from '@voxhost/sdk';
import {
  type CompositeTransform,
  differentiableMap,
  parameterDerivative,
  type Transform,
  toIndexMap,
  transformDimensions,
} from 'voxhost/geometry';
import { oblique, TRANSFORMS, waves } from './support.js';

/** Step of the central differences; the error of the second order is about step² times the third derivative. */
const STEP = 1e-5;
/** Relative to the largest element: step² · 10 for the curvature, 1e-16 · size / step for rounding. */
const TOLERANCE = 2e-8;

const dimsOf = (transform: Transform): 2 | 3 => (transformDimensions(transform) === 2 ? 2 : 3);

/** Output indices inside the grid, at least 1e-3 off the knots of any lattice here. */
function samplePoints(dims: number): Float64Array {
  return waves(dims * 40, 2.3).map((v, i) => 5 + 4.3 * v + 0.01 * (i % dims));
}

/** L = Σ w · map(points): its derivative by the positions is w. */
function loss(transform: Transform, points: Float64Array, weights: Float64Array): number {
  const dims = dimsOf(transform);
  const { output, input } = oblique(dims);
  const map = toIndexMap(transform, output, input);
  let sum = 0;
  for (let at = 0; at < points.length; at += dims) {
    evaluate(map, points.subarray(at, at + dims)).forEach((v, a) => {
      sum += v * weights[at + a];
    });
  }
  return sum;
}

/** The transform with one parameter moved; a composite counts its members' in the order they are applied. */
function moved(transform: Transform, k: number, by: number): Transform {
  if (transform.kind !== 'composite') {
    const parameters = Float64Array.from(transform.parameters);
    parameters[k] += by;
    return { ...transform, parameters };
  }
  const members = [...transform.members];
  let left = k;
  for (let m = members.length - 1; m >= 0; m--) {
    const count = members[m].parameters.length;
    if (left < count) {
      members[m] = moved(members[m], left, by) as CompositeTransform['members'][number];
      break;
    }
    left -= count;
  }
  return { ...transform, members };
}

/** What a backend would answer: the derivative by the free parameters of the map that it is given. */
function byMapOf(map: IndexMap, points: Float64Array, weights: Float64Array): Float64Array {
  return pullback(map, points, weights)[0];
}

describe('the derivative by the parameters is that of differences', () => {
  for (const [name, transform] of Object.entries(TRANSFORMS)) {
    it(name, () => {
      const dims = dimsOf(transform);
      const points = samplePoints(dims);
      const weights = waves(points.length, 0.9);
      const { map, toParameters } = differentiableMap(transform, oblique(dims), points);
      const found = toParameters(byMapOf(map, points, weights));
      const largest = Math.max(...found.map(Math.abs));
      assert.ok(largest > 0);
      const stride = Math.max(1, Math.floor(found.length / 60));
      for (let k = 0; k < found.length; k += stride) {
        const up = loss(moved(transform, k, STEP), points, weights);
        const down = loss(moved(transform, k, -STEP), points, weights);
        const difference = (up - down) / (2 * STEP);
        assert.ok(
          Math.abs(found[k] - difference) < TOLERANCE * Math.max(1, largest),
          `parameter ${k}: ${found[k]} is not ${difference}`,
        );
      }
    });
  }

  it('and has one number per parameter of every member', () => {
    const all = TRANSFORMS['composite of all'] as CompositeTransform;
    const points = samplePoints(3);
    const { map, toParameters } = differentiableMap(all, oblique(3), points);
    const count = all.members.reduce((sum, m) => sum + m.parameters.length, 0);
    assert.equal(toParameters(byMapOf(map, points, points)).length, count);
  });

  it('is refused for a composite by its folded map, and for a derivative of another shape', () => {
    const grids = oblique(3);
    const wrong = { code: 'BAD_ARGUMENT' };
    assert.throws(
      () => parameterDerivative(TRANSFORMS['composite of all'], grids, new Float64Array(12)),
      wrong,
    );
    assert.throws(
      () => parameterDerivative(TRANSFORMS['euler-3d'], grids, new Float64Array(6)),
      wrong,
    );
  });
});
