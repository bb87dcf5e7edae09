import { type Interpolator, splineOrder } from '../../interpolator.js';
import { type PixelType, pixelTypeFacts, toPixelValue } from '../../pixel-type.js';
import { boundaryOf, type Claims, everyday, outputTypes } from '../claims.js';
import { describeOperation, expectAgreement, resampleOnce } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode } from '../expect.js';
import { everydayTrial, smallSize } from '../trial.js';
import { constantImage, noiseImage } from '../trial-images.js';

/** What values become: every pair of pixel types, rounding, saturation, NaN. */
export function valueCases(claims: Claims): readonly ConformanceCase[] {
  const splines = claims.interpolators.filter((name) => splineOrder(name) !== undefined);
  return [
    ...claims.pixelTypes.map((type) => conversionCase(claims, type)),
    ...roundingTypes(claims).map((type) => roundingCase(claims, type)),
    ...(isFloatClaimed(claims) ? splines.map((name) => refusalCase(claims, name)) : []),
  ];
}

const isFloat = (type: PixelType): boolean => pixelTypeFacts(type).range === undefined;
const isFloatClaimed = (claims: Claims): boolean => claims.pixelTypes.some(isFloat);

/** Integer types that a float source can become. */
const roundingTypes = (claims: Claims): readonly PixelType[] => [
  ...new Set(
    claims.pixelTypes
      .filter(isFloat)
      .flatMap((source) => outputTypes(claims, source))
      .filter((type) => !isFloat(type)),
  ),
];

const conversionCase = (claims: Claims, type: PixelType): ConformanceCase => ({
  rule: 'R3',
  name: `${type} to every output type`,
  async run(backend) {
    for (const dims of claims.dims) {
      const source = noiseImage(type, smallSize(dims));
      for (const pixelType of outputTypes(claims, type)) {
        const trial = everydayTrial(claims, dims, { operation: { source, pixelType } });
        await expectAgreement(backend, trial, claims.block.numerics);
      }
    }
  },
});

/** Ties, both ends of the range and beyond, and what is no number. */
function trickyValues(pixelType: PixelType): readonly number[] {
  const [min, max] = pixelTypeFacts(pixelType).range ?? [0, 0];
  const ties = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.25, 2.75, -2.25, -2.75];
  return [...ties, max, max + 1, 4 * max, min, min - 1, 4 * min - 9, Number.NaN];
}

const roundingCase = (claims: Claims, pixelType: PixelType): ConformanceCase => ({
  rule: 'R9',
  name: `rounds to ${pixelType}`,
  async run(backend) {
    const dims = claims.dims[0];
    for (const type of claims.pixelTypes.filter(isFloat)) {
      for (const value of trickyValues(pixelType)) {
        const source = constantImage(type, smallSize(dims), value);
        const trial = everydayTrial(claims, dims, { operation: { source, pixelType } });
        const expected = toPixelValue(source.data[0], pixelType);
        const boundary = boundaryOf(trial.operation.boundary.kind, source.data[0]);
        const operation = { ...trial.operation, boundary };
        for (const found of await resampleOnce(backend, { ...trial, operation })) {
          const what = `${describeOperation(operation)}: ${source.data[0]}`;
          expect(found === expected, `${what} became ${found}, not ${expected}`);
        }
      }
    }
  },
});

const refusalCase = (claims: Claims, interpolator: Interpolator): ConformanceCase => ({
  rule: 'R10',
  name: `${interpolator} refuses NaN and infinity`,
  async run(backend) {
    const dims = claims.dims[0];
    for (const type of claims.pixelTypes.filter(isFloat)) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const image = noiseImage(type, smallSize(dims));
        image.data[image.data.length - 1] = value;
        const operation = everyday(claims, image, { interpolator });
        await expectCode(backend.prepare(operation), 'BAD_IMAGE', `preparing a source of ${value}`);
      }
    }
  },
});
