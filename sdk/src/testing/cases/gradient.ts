import type { Backend } from '../../backend.js';
import type { Interpolator } from '../../interpolator.js';
import { pointsMap } from '../../map/construct.js';
import { locateAll, outputIndices } from '../../map/locate-all.js';
import type { Resample } from '../../operation.js';
import { type PixelType, pixelTypeFacts } from '../../pixel-type.js';
import { createReference } from '../../reference/create-reference.js';
import { boundaryOf, type Claims, everyday, everydayMap, outputTypes, prefer } from '../claims.js';
import { expectAgreement, resampleOnce } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectSame } from '../expect.js';
import { DIFFERENCE_STEP, SLOPE_FACTOR, toleranceOf } from '../tolerances.js';
import { everydayImage, everydayTrial, smallSize } from '../trial.js';

/** The derivative by the input index, for blocks that give it. */
export function gradientCases(claims: Claims): readonly ConformanceCase[] {
  if (!claims.block.gradient) return [];
  const { pixelType } = everydayImage(claims, smallSize(claims.dims[0])); // float32 where claimed
  const hasFloat = isFloat(pixelType) && isFloat(finestOutput(claims, pixelType));
  return [
    ...claims.interpolators.map((interpolator) => agreementCase(claims, interpolator)),
    ...(hasFloat ? claims.interpolators.map((name) => differenceCase(claims, name)) : []),
    valuesCase(claims),
  ];
}

const agreementCase = (claims: Claims, interpolator: Interpolator): ConformanceCase => ({
  rule: 'R11',
  name: `gradient of ${interpolator}, every boundary, 2 channels`,
  async run(backend) {
    for (const dims of claims.dims) {
      const source = everydayImage(claims, smallSize(dims), 2);
      for (const kind of claims.boundaries) {
        const over: Partial<Resample> = {
          interpolator,
          boundary: boundaryOf(kind),
          gradient: true,
        };
        const trial = everydayTrial(claims, dims);
        const operation = everyday(claims, source, over);
        await expectAgreement(backend, { ...trial, operation }, claims.block.numerics);
      }
    }
  },
});

/** The backend's slopes against differences of the reference's values: two routes to the same number. */
const differenceCase = (claims: Claims, interpolator: Interpolator): ConformanceCase => ({
  rule: 'R11',
  name: `gradient of ${interpolator} is the central difference`,
  async run(backend) {
    for (const dims of claims.dims) {
      const boundary = boundaryOf(prefer(claims.boundaries, 'mirror', 'nearest', 'reflect'));
      const trial = everydayTrial(claims, dims, {
        operation: { interpolator, boundary, gradient: true },
      });
      const operation = {
        ...trial.operation,
        pixelType: finestOutput(claims, trial.operation.source.pixelType),
      };
      const found = await resampleOnce(backend, { ...trial, operation });
      const positions = locateAll(trial.map, trial.samples, dims);
      const count = positions.length / dims;
      const rounding = SLOPE_FACTOR * toleranceOf(claims.block.numerics, operation, 0);
      for (let axis = 0; axis < dims; axis++) {
        const slopes = await differences(operation, positions, axis);
        for (let n = 0; n < count; n++) {
          if (isNearKnot(positions, n, dims)) continue;
          const error = Math.abs(found[(axis + 1) * count + n] - slopes[n]);
          expect(error <= rounding + CURVATURE, `${interpolator}, axis ${axis}: off by ${error}`);
        }
      }
    }
  },
});

/** An output type that holds slopes, which integers round and saturate, if there is one. */
const finestOutput = (claims: Claims, source: PixelType): PixelType =>
  prefer(outputTypes(claims, source), 'float64', 'float32', source);

const isFloat = (pixelType: PixelType): boolean => pixelTypeFacts(pixelType).range === undefined;

/** What DIFFERENCE_STEP² leaves of third derivatives up to 1e4 on values of ±100. */
const CURVATURE = 2e-4;

const isNearKnot = (positions: Float64Array, n: number, dims: number): boolean =>
  positions
    .subarray(n * dims, (n + 1) * dims)
    .some((x) => Math.abs(2 * x - Math.round(2 * x)) < 20 * DIFFERENCE_STEP);

async function differences(
  operation: Resample,
  positions: Float64Array,
  axis: number,
): Promise<Float64Array> {
  const dims = operation.source.grid.size.length;
  const values = async (step: number): Promise<Float64Array> => {
    const points = positions.map((x, i) => (i % dims === axis ? x + step : x));
    const value = { ...operation, gradient: false, pixelType: 'float64' as const };
    const samples = { points };
    return Float64Array.from(
      await resampleOnce(createReference(), { operation: value, map: pointsMap(points), samples }),
    );
  };
  const [before, after] = [await values(-DIFFERENCE_STEP), await values(DIFFERENCE_STEP)];
  return after.map((value, n) => (value - before[n]) / (2 * DIFFERENCE_STEP));
}

const valuesCase = (claims: Claims): ConformanceCase => ({
  rule: 'R11',
  name: 'values are the same with gradient and without',
  async run(backend: Backend) {
    const dims = claims.dims[0];
    const points = { points: outputIndices({ size: smallSize(dims) }, dims) };
    const trial = everydayTrial(
      claims,
      dims,
      claims.samples.includes('points') ? { block: points } : {},
    );
    const alone = await resampleOnce(backend, trial);
    const operation = { ...trial.operation, gradient: true };
    const both = await resampleOnce(backend, { ...trial, operation });
    expect(both.length === alone.length * (1 + dims), `${everydayMap(claims)}: planes are missing`);
    expectSame(both.subarray(0, alone.length), alone, 'the values');
  },
});
