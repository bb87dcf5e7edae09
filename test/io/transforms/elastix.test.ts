import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { transformDimensions, transformPoint } from 'voxhost/geometry';
import { readTransform } from 'voxhost/io';
import { fixture, largestDifference } from '../support.js';

const expected: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(
  readFileSync(fixture('elastix', 'expected.json'), 'utf8'),
);

/** transformix prints 6 decimals of points that it read with 9 digits. */
const PRINTED = 2e-6;

const pointOf = (k: number, dims: number): number[] =>
  [0, 1, 2].slice(0, dims).map((a) => 90 * Math.sin(1.7 * k + a));

describe('elastix transforms take points where transformix takes them', () => {
  for (const [name, points] of Object.entries(expected)) {
    it(name, async () => {
      const transform = await readTransform(fixture('elastix', name));
      assert.equal(points.length, 60);
      points.forEach((wanted, k) => {
        const found = transformPoint(transform, pointOf(k, transformDimensions(transform)));
        assert.ok(
          largestDifference(found, wanted) < PRINTED,
          `point ${k}: ${found} is not ${wanted}`,
        );
      });
    });
  }

  it('looked at eight files', () => assert.equal(Object.keys(expected).length, 8));
});
