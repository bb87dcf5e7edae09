import assert from 'node:assert/strict';
import { evaluate } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import {
  assertClose,
  assertItkResample,
  ITK_INTERPOLATORS,
  ITK_POINTS,
  ITK_TRANSFORMS,
  itkField,
  itkPointsUnder,
} from '../../support/itk-sampling.js';

/** The file has 12 digits of values up to 100, and ITK's prefilter stops at 1e-10 of the image's range. */
const TOLERANCE = 1e-7;

describe('the reference samples as ITK does', () => {
  for (const interpolator of ITK_INTERPOLATORS) {
    it(`${interpolator}, boundary buffer`, () =>
      assertItkResample(createReference(), {
        interpolator,
        from: 'float64',
        to: 'float64',
        tolerance: TOLERANCE,
      }));
  }
});

describe('a lattice is worth what ITK’s transforms give', () => {
  for (const name of ITK_TRANSFORMS) {
    it(`${name}, within and beyond`, () => {
      const field = itkField(name);
      const expected = itkPointsUnder(name);
      const found = ITK_POINTS.flatMap((point) => [...evaluate(field, point)]);
      const still = ITK_POINTS.filter((point, n) =>
        point.every((x, a) => x === expected[3 * n + a]),
      );
      assert.ok(still.length > 5 && still.length < 55, `${still.length} points stay`);
      assertClose(found, expected, TOLERANCE);
    });
  }
});
