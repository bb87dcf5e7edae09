import assert from 'node:assert/strict';
import {
  type AffineMap,
  affineMap,
  type FieldMap,
  fieldMap,
  type IndexMap,
  identityMap,
  locateAll,
  outputIndices,
  type PointsMap,
  pointsMap,
  pullback,
  sequenceMap,
} from '@voxhost/sdk';
import { measure, metricOf, picture, smooth } from './compare.js';

const METRICS = [
  ['mean-squares', {}],
  ['normalized-correlation', {}],
  ['mattes-mutual-information', { bins: 12 }],
  ['local-normalized-correlation', { radius: 1 }],
  ['dice', {}],
] as const;

type Free = AffineMap | FieldMap | PointsMap;

const parametersOf = (map: Free): Float64Array => {
  if (map.kind === 'affine') return map.matrix;
  return map.kind === 'points' ? map.positions : Float64Array.from(map.lattice.data);
};

function moved(map: Free, index: number, step: number): Free {
  const values = parametersOf(map).slice();
  values[index] += step;
  if (map.kind === 'affine') return { ...map, matrix: values };
  if (map.kind === 'points') return { ...map, positions: values };
  return { ...map, lattice: { ...map.lattice, data: values } };
}

/** Scale 1 and shifts that keep every sample within, and off the knots by at least 0.05. */
const drifting = (dims: number): AffineMap =>
  dims === 2
    ? affineMap([0.75, 0, 0.65, 0, 0.75, 0.85])
    : affineMap([0.75, 0, 0, 0.65, 0, 0.75, 0, 0.85, 0, 0, 0.75, 0.3]);

function lattice(order: 1 | 3, dims: number): FieldMap {
  const size = [4, 3, 3].slice(0, dims);
  const length = dims * size.reduce((n, s) => n * s, 1);
  return fieldMap({
    matrix: drifting(dims).matrix,
    lookup:
      dims === 2 ? [0.4, 0, 0.2, 0, 0.3, 0.1] : [0.4, 0, 0, 0.2, 0, 0.3, 0, 0.1, 0, 0, 0.4, 0.3],
    lattice: {
      size,
      order,
      outside: 'edge',
      data: Float64Array.from({ length }, (_, i) => 0.05 * Math.sin(3 * i)),
    },
  });
}

const STEP = 1e-6;
/** Rounding of the value over 2 · STEP, and curvature, of derivatives whose largest is 1 to 1e3. */
const TOLERANCE = 2e-5;

describe('a metric’s derivative by the map is its central difference', () => {
  for (const dims of [2, 3]) {
    const size = [8, 7, 5].slice(0, dims);
    const [fixed, moving] = [smooth(size), smooth(size, 0.6)];
    const maps: readonly (readonly [string, Free])[] = [
      ['affine', drifting(dims)],
      ['field of order 1', lattice(1, dims)],
      ['field of order 3', lattice(3, dims)],
      ['points', pointsMap(locateAll(drifting(dims), { size }, dims))],
    ];
    for (const [name, options] of METRICS) {
      for (const [shape, map] of maps) {
        it(`${name}, ${shape}, ${dims}-D`, async () => {
          const operation = metricOf(name, fixed, moving, { options });
          const { derivative } = await measure(operation, map);
          assert.ok(derivative);
          assert.equal(derivative.length, parametersOf(map).length);
          const largest = derivative.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
          assert.ok(largest > 0);
          const stride = Math.ceil(derivative.length / 12);
          for (let i = 0; i < derivative.length; i += stride) {
            const after = (await measure(operation, moved(map, i, STEP))).value;
            const before = (await measure(operation, moved(map, i, -STEP))).value;
            const difference = (after - before) / (2 * STEP);
            assert.ok(
              Math.abs(derivative[i] - difference) < TOLERANCE * Math.max(1, largest),
              `parameter ${i}: ${derivative[i]}, the difference is ${difference}`,
            );
          }
        });
      }
    }
  }

  it('at points off the grid, whose fixed values are interpolated and whose windows are their own', async () => {
    const [fixed, moving] = [smooth([8, 7]), smooth([8, 7], 0.6)];
    const points = Float64Array.of(2.3, 3.1, 4.7, 2.2, 3.6, 4.4, 5.2, 3.7);
    for (const [name, options] of METRICS) {
      const operation = metricOf(name, fixed, moving, { options, fixedInterpolator: 'bspline3' });
      const { derivative } = await measure(operation, drifting(2), { points });
      for (let i = 0; i < 6; i++) {
        const at = async (step: number): Promise<number> =>
          (await measure(operation, moved(drifting(2), i, step), { points })).value;
        const difference = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
        const found = derivative?.[i] ?? Number.NaN;
        assert.ok(
          Math.abs(found - difference) < TOLERANCE * Math.max(1, Math.abs(found)),
          `${name}: ${found} and ${difference}`,
        );
      }
    }
  });

  it('of a B-spline moving image, in every order', async () => {
    const [fixed, moving] = [smooth([8, 7]), smooth([8, 7], 0.6)];
    for (const movingInterpolator of [
      'bspline2',
      'bspline3',
      'bspline5',
      'keys-0.5',
      'lanczos3',
    ] as const) {
      const operation = metricOf('mean-squares', fixed, moving, { movingInterpolator });
      const { derivative } = await measure(operation, drifting(2));
      for (const i of [0, 2, 4, 5]) {
        const at = async (step: number): Promise<number> =>
          (await measure(operation, moved(drifting(2), i, step))).value;
        const difference = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
        const found = derivative?.[i] ?? Number.NaN;
        assert.ok(Math.abs(found - difference) < TOLERANCE * Math.max(1, Math.abs(found)));
      }
    }
  });

  it('at the identity, where every sample is a knot, is that of the cell it begins, the last cell closed', async () => {
    const fixed = picture([[0, 0, 0]]);
    const moving = picture([[1, 3, 7]]);
    const { derivative } = await measure(metricOf('mean-squares', fixed, moving), identityMap(2));
    // 2/3 (1·2 + 3·4 + 7·4) by the shift along x
    assert.ok(Math.abs((derivative?.[2] ?? 0) - (2 / 3) * (2 + 12 + 28)) < 1e-12);
  });

  it('of a sequence is none: pulled back from that of its points it is right', async () => {
    const size = [8, 7];
    const [fixed, moving] = [smooth(size), smooth(size, 0.6)];
    const operation = metricOf('mean-squares', fixed, moving);
    const members = [lattice(3, 2), lattice(1, 2)] as const;
    const sequence = sequenceMap(members);
    assert.equal((await measure(operation, sequence)).derivative, undefined);
    const byPosition = async (map: IndexMap): Promise<Float64Array> =>
      (await measure(operation, pointsMap(locateAll(map, { size }, 2)))).derivative ??
      new Float64Array();
    const [first] = pullback(sequence, outputIndices({ size }, 2), await byPosition(sequence));
    for (const i of [0, 5, 13, 20]) {
      const at = async (step: number): Promise<number> =>
        (
          await measure(
            operation,
            sequenceMap([moved(members[0], i, step) as FieldMap, members[1]]),
          )
        ).value;
      const difference = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
      assert.ok(Math.abs(first[i] - difference) < TOLERANCE * Math.max(1, Math.abs(difference)));
    }
  });
});
