import { type IndexMap, MAP_SHAPES, type MapShape } from '../../index-map.js';
import { affineMap, identityMap, pointsMap } from '../../map/construct.js';
import { locateAll, outputIndices } from '../../map/locate-all.js';
import type { Metric } from '../../operation.js';
import type { MetricRun, Samples } from '../../run.js';
import { type MetricClaims, prefer, turnOf } from '../claims.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect } from '../expect.js';
import {
  expectMeasured,
  fixedSize,
  type MetricChoice,
  type MetricTrial,
  measuredByReference,
  measureOnce,
  metricOperation,
} from '../metric-trial.js';
import { constantImage, noise } from '../trial-images.js';
import { oblique, trialMaps } from '../trial-maps.js';

/** What a metric says, against the reference: every map × pixel type × kind of samples that its block claims. */
export function metricValueCases(claims: MetricClaims): readonly ConformanceCase[] {
  return [
    ...MAP_SHAPES.filter((shape) => claims.maps.includes(shape)).map((shape) =>
      agreementCase(claims, shape),
    ),
    variantsCase(claims, 'masks', { masks: true }),
    variantsCase(claims, '32 channels', { channels: 32 }),
    validityCase(claims),
    degenerateCase(claims),
    ...metricEdgeCases(claims),
    ...(claims.samples.includes('points') ? [pointsCase(claims)] : []),
  ];
}

/** What holds of every metric, whether the reference has it or not. */
export const metricEdgeCases = (claims: MetricClaims): readonly ConformanceCase[] => [
  emptyCase(claims),
  unaskedCase(claims),
];

const nameOf = ({ block }: MetricClaims, what: string): string => `${block.name}: ${what}`;

const agreementCase = (claims: MetricClaims, shape: MapShape): ConformanceCase => ({
  rule: 'R22',
  name: nameOf(claims, `${shape}, every pixel type`),
  async run(backend) {
    for (const dims of claims.dims) {
      for (const [round, pixelType] of claims.pixelTypes.entries()) {
        const operation = metricOperation(claims, dims, { pixelType });
        await using prepared = await backend.prepare(operation);
        const trials = trialsOf(claims, operation, shape);
        for (const trial of turnOf(trials, round, claims.pixelTypes.length)) {
          const found = await prepared.run(trial.map, runOf(trial));
          const expected = await measuredByReference(trial);
          const what = `${shape}, ${pixelType}, ${trial.points ? 'points' : 'grid'}, ${dims}-D`;
          expectMeasured(found, expected, claims.block.numerics, what);
        }
      }
    }
  },
});

const runOf = ({ operation, points }: MetricTrial): MetricRun => ({
  derivative: operation.derivative,
  ...(points && { points }),
});

/** Maps of a shape on every voxel and on points, as the block claims. */
function trialsOf(
  claims: MetricClaims,
  operation: Metric,
  shape: MapShape,
): readonly MetricTrial[] {
  const dims = operation.fixed.grid.size.length;
  return claims.samples.flatMap((kind) => {
    const points = kind === 'points' ? trialPoints(operation.name, dims) : undefined;
    const samples: Samples = points ? { points } : { size: operation.fixed.grid.size };
    return mapsOf(shape, samples, dims).map((map) => ({
      operation,
      map,
      ...(points && { points }),
    }));
  });
}

/** Those that come near the moving image, the identity among them, where every sample is a knot. */
function mapsOf(shape: MapShape, samples: Samples, dims: number): readonly IndexMap[] {
  if (shape === 'points') return [pointsMap(locateAll(gentle(dims), samples, dims))];
  if (shape === 'affine') return [gentle(dims), oblique(dims), identityMap(dims)];
  return trialMaps(shape, samples, dims).map(([, map]) => map);
}

/** Every voxel 1e-3 away from the cells' ends. */
const gentle = (dims: number): ReturnType<typeof affineMap> =>
  dims === 2
    ? affineMap([0.93, 0.08, 0.3117, -0.06, 0.91, 0.1329])
    : affineMap([0.93, 0.08, -0.03, 0.3117, -0.06, 0.91, 0.04, 0.1329, 0.02, -0.05, 0.96, 0.2131]);

/** Off the grid; for labels on it, since a fixed label between voxels is decided by a tie. */
function trialPoints(name: string, dims: number): Float64Array {
  const size = fixedSize(dims);
  return Float64Array.from({ length: 23 * dims }, (_, i) => {
    const x = noise(i + 31) * size[i % dims] - 0.4;
    return name === 'label-overlap' ? Math.round(x) : x;
  });
}

const variantsCase = (
  claims: MetricClaims,
  what: string,
  choice: MetricChoice,
): ConformanceCase => ({
  rule: 'R22',
  name: nameOf(claims, what),
  async run(backend) {
    for (const dims of claims.dims) {
      const operation = metricOperation(claims, dims, choice);
      for (const trial of trialsOf(claims, operation, everydayShape(claims)).slice(0, 3)) {
        const found = await measureOnce(backend, trial);
        expectMeasured(found, await measuredByReference(trial), claims.block.numerics, what);
      }
    }
  },
});

const everydayShape = ({ maps }: MetricClaims): MapShape => prefer(maps, 'affine');

const validityCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R24',
  name: nameOf(claims, 'masks, the buffer and NaN take samples away'),
  async run(backend) {
    const float = claims.pixelTypes.find((type) => type === 'float32' || type === 'float64');
    for (const dims of claims.dims) {
      const operation = metricOperation(claims, dims, {
        masks: true,
        ...(float && { pixelType: float }),
      });
      if (float !== undefined) operation.moving.data[9] = Number.NaN;
      if (float !== undefined) operation.fixed.data[17] = Number.POSITIVE_INFINITY;
      for (const trial of trialsOf(claims, operation, everydayShape(claims)).slice(0, 2)) {
        const found = await measureOnce(backend, trial);
        const expected = await measuredByReference(trial);
        expect(expected.samples > 0, 'the case has no samples');
        expectMeasured(found, expected, claims.block.numerics, 'masked');
      }
    }
  },
});

const degenerateCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R24',
  name: nameOf(claims, 'constant images'),
  async run(backend) {
    for (const dims of claims.dims) {
      for (const value of [0, 1]) {
        const base = metricOperation(claims, dims);
        const { pixelType, grid } = base.fixed;
        const fixed = constantImage(pixelType, grid.size, value);
        const moving = constantImage(pixelType, base.moving.grid.size, value);
        for (const images of [{ fixed }, { moving }, { fixed, moving }]) {
          const [trial] = trialsOf(claims, { ...base, ...images }, everydayShape(claims));
          const found = await measureOnce(backend, trial);
          const expected = await measuredByReference(trial);
          expectMeasured(found, expected, claims.block.numerics, Object.keys(images).join(' and '));
        }
      }
    }
  },
});

const emptyCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R24',
  name: nameOf(claims, 'no valid sample'),
  async run(backend) {
    const [dims] = claims.dims;
    const operation = metricOperation(claims, dims);
    const [trial] = trialsOf(claims, operation, everydayShape(claims));
    const none = { ...operation.fixed, pixelType: 'uint8' as const, channels: 1 };
    const fixedMask = { ...none, data: new Uint8Array(operation.fixed.data.length) };
    const found = await measureOnce(backend, { ...trial, operation: { ...operation, fixedMask } });
    expect(Number.isNaN(found.value), `the value is ${found.value}, not NaN`);
    expect(found.samples === 0, `${found.samples} samples are valid, none is`);
    const flat = found.derivative?.every((d) => d === 0) ?? !operation.derivative;
    expect(flat, 'the derivative is not 0');
  },
});

const unaskedCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R23',
  name: nameOf(claims, 'no derivative unless it is asked for'),
  async run(backend) {
    const [dims] = claims.dims;
    const [trial] = trialsOf(claims, metricOperation(claims, dims), everydayShape(claims));
    await using prepared = await backend.prepare(trial.operation);
    const silent = await prepared.run(trial.map, { ...runOf(trial), derivative: false });
    expect(silent.derivative === undefined, 'a derivative was given unasked');
    const full = await prepared.run(trial.map, runOf(trial));
    expectMeasured(
      { ...full, derivative: new Float64Array() },
      { ...silent, derivative: new Float64Array() },
      claims.block.numerics,
      'with derivative and without',
    );
  },
});

const pointsCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R25',
  name: nameOf(claims, 'other points every run'),
  async run(backend) {
    const [dims] = claims.dims;
    const operation = metricOperation(claims, dims);
    const shape = prefer(claims.maps, 'affine');
    await using prepared = await backend.prepare(operation);
    const all = outputIndices({ size: fixedSize(dims) }, dims);
    for (const [from, to] of [
      [0, 20],
      [5, 9],
      [10, 30],
      [0, 20],
    ]) {
      const points = all.slice(from * dims, to * dims);
      const [map] = mapsOf(shape, { points }, dims);
      const trial: MetricTrial = { operation, map, points };
      const found = await prepared.run(map, runOf(trial));
      const expected = await measuredByReference(trial);
      expectMeasured(found, expected, claims.block.numerics, `points ${from} to ${to}`);
    }
  },
});
