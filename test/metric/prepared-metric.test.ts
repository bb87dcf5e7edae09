import assert from 'node:assert/strict';
import {
  createGrid,
  createImage,
  type IndexMap,
  type Measured,
  type MetricRun,
  type Operation,
} from '@voxhost/sdk';
import { composite, rigid, similarity, type Transform } from 'voxhost/geometry';
import { metricOperation } from '#host/metric/metric-request.js';
import { prepareMetric } from '#host/metric/prepared-metric.js';
import type { Routed, RoutedPrepared, Router } from '#host/routing/router.js';

const tilt = Math.SQRT1_2;
const fixed = createImage(
  createGrid({
    size: [3, 2, 2],
    spacing: [2, 1, 3],
    origin: [5, -4, 1],
    direction: [tilt, -tilt, 0, tilt, tilt, 0, 0, 0, 1],
  }),
  new Float32Array(12),
);
const moving = createImage(
  createGrid({ size: [4, 4, 4], spacing: [1, 2, 1], origin: [1, 2, 3] }),
  new Float32Array(64),
);

const free = (map: IndexMap): Float64Array => {
  if (map.kind === 'affine') return map.matrix;
  if (map.kind === 'points') return map.positions;
  throw new Error(`the test expects no ${map.kind}`);
};

/** ½ Σ p² over the map's free parameters p, whose derivative is p itself: exact, so only the chain rule is tested. */
const halfSquare: RoutedPrepared<'metric'> = {
  backend: 'half-square',
  run: async (map: IndexMap, run: MetricRun): Promise<Routed<Measured>> => {
    const p = free(map);
    const value = p.reduce((sum, v) => sum + v * v, 0) / 2;
    const provenance = { backend: 'half-square', version: '1', attempts: [] };
    return { value, samples: 1, provenance, ...(run.derivative && { derivative: p.slice() }) };
  },
  [Symbol.asyncDispose]: async () => undefined,
};
const router: Pick<Router, 'prepare'> = {
  prepare: async <O extends Operation>() => halfSquare as unknown as RoutedPrepared<O['kind']>,
};

/** Central differences of a sum of squares of smooth functions: step² times a third derivative of about 1e3. */
const STEP = 1e-5;
const TOLERANCE = 1e-5;

async function assertDerivative(
  transform: (p: readonly number[]) => Transform,
  at: readonly number[],
) {
  await using metric = await prepareMetric(router, { name: 'half-square', fixed, moving });
  const { derivative } = await metric.run(transform(at));
  assert.equal(derivative?.length, at.length);
  for (const [k, p] of at.entries()) {
    const valueAt = async (v: number) =>
      (await metric.run(transform(at.with(k, v)), { derivative: true })).value;
    const slope = ((await valueAt(p + STEP)) - (await valueAt(p - STEP))) / (2 * STEP);
    const size = Math.max(1, Math.abs(slope));
    assert.ok(
      Math.abs((derivative?.[k] ?? Number.NaN) - slope) / size < TOLERANCE,
      `parameter ${k}`,
    );
  }
}

const rigidAt = (p: readonly number[]) =>
  rigid({ rotation: p.slice(0, 3), translation: p.slice(3, 6), center: [1, 2, 3] });

describe('a prepared metric', () => {
  it('gives the derivative by the parameters of a rigid transform between oblique grids', () =>
    assertDerivative(rigidAt, [0.1, -0.2, 0.3, 1, 2, -3]));

  it('reaches the parameters of every member of a composite', () => {
    const scaled = similarity({ rotation: [0.05, 0.1, -0.1], translation: [1, 0, 2], scale: 1.1 });
    // ITK's order of parameters: the member that is applied first, which is the last, comes first
    return assertDerivative(
      (p) =>
        composite([
          rigidAt(p.slice(7)),
          { ...scaled, parameters: Float64Array.from(p.slice(0, 7)) },
        ]),
      [...scaled.parameters, 0.1, -0.2, 0.3, 1, 2, -3],
    );
  });

  it('folds a composite into one matrix where nobody asks for a derivative', async () => {
    await using metric = await prepareMetric(router, {
      name: 'half-square',
      fixed,
      moving,
      derivative: false,
    });
    const both = composite([rigidAt([0, 0, 0.1, 1, 0, 0]), rigidAt([0, 0.2, 0, 0, 1, 0])]);
    const { derivative, value } = await metric.run(both);
    assert.equal(derivative, undefined);
    assert.ok(value > 0);
  });
});

describe('metricOperation', () => {
  it('has the defaults that a registration wants', () => {
    const operation = metricOperation({ name: 'mean-squares', fixed, moving });
    assert.equal(operation.derivative, true);
    assert.equal(operation.movingInterpolator, 'linear');
    assert.equal(operation.demand.perRun, 12);
    assert.equal('fixedMask' in operation, false);
  });

  it('takes what the caller knows of the demand', () => {
    const demand = { samples: 'points', perRun: 2000 } as const;
    const operation = metricOperation({ name: 'mean-squares', fixed, moving, demand });
    assert.deepEqual(operation.demand, {
      maps: ['affine', 'field-1', 'field-3', 'points'],
      runs: 100,
      ...demand,
    });
  });
});
