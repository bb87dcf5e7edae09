import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  affineMap,
  evaluate,
  fieldMap,
  type Interpolator,
  type Lattice,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { imageOfIndex } from '@voxhost/sdk/testing';

const itk = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/itk-sampling.json', import.meta.url), 'utf8'),
) as { readonly [name: string]: readonly number[] };

/** The file has 12 digits of values up to 100, and ITK's prefilter stops at 1e-10 of the image's range. */
const TOLERANCE = 1e-7;

const SIZE = [7, 6, 5];
const at = ([x, y, z]: Float64Array): number => x + SIZE[0] * (y + SIZE[1] * z);

function assertClose(found: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(found[i] - value) < TOLERANCE, `value ${i}: ${found[i]}, ITK has ${value}`);
  }
}

describe('the reference samples as ITK does', () => {
  const source = imageOfIndex({ size: SIZE }, (index) => (at(index) * 29) % 83, 'float64');
  const map = affineMap([
    1.03, 0.17, -0.11, -1.3, -0.13, 1.08, 0.09, -0.7, 0.07, -0.16, 1.05, -0.9,
  ]);

  for (const interpolator of [
    'nearest',
    'linear',
    'bspline2',
    'bspline3',
    'bspline4',
    'bspline5',
  ] as Interpolator[]) {
    it(`${interpolator}, boundary buffer`, async () => {
      const operation: Resample = {
        kind: 'resample',
        source,
        interpolator,
        boundary: { kind: 'buffer', value: -77 },
        pixelType: 'float64',
        gradient: false,
        demand: { maps: ['affine'], samples: 'grid', perRun: 336, runs: 1 },
      };
      await using prepared = await createReference().prepare(operation);
      const { data } = await prepared.run(map, { samples: { size: [8, 7, 6] } });
      assert.ok(itk[interpolator].includes(-77) && itk[interpolator].some((value) => value > 0));
      assertClose(data, itk[interpolator]);
    });
  }
});

describe('a lattice is worth what ITK’s transforms give', () => {
  const voxels = SIZE[0] * SIZE[1] * SIZE[2];
  const data = Float64Array.from({ length: 3 * voxels }, (_, i) => {
    const [component, k] = [Math.floor(i / voxels), i % voxels];
    return (((k + component) * 31) % 17) / 8 - 1;
  });
  const third = 1 / 1.5;
  const lookup = [third, 0, 0, 0.5 * third, 0, third, 0, -0.25 * third, 0, 0, third, -third];
  const points = Array.from({ length: 60 }, (_, n) => [
    ((n * 37) % 97) / 8 - 0.9375,
    ((n * 53) % 67) / 8 - 0.4375,
    ((n * 71) % 59) / 8 + 0.5625,
  ]);
  const lattice = (order: 1 | 3, outside: Lattice['outside']): Lattice => ({
    size: SIZE,
    order,
    outside,
    data,
  });

  for (const [name, shape] of [
    ['bspline transform', lattice(3, 'zero')],
    ['displacement field transform', lattice(1, 'buffer')],
  ] as const) {
    it(`${name}, within and beyond`, () => {
      const field = fieldMap({ lookup, lattice: shape });
      const found = points.flatMap((point) => [...evaluate(field, point)]);
      const still = points.filter((point, n) => point.every((x, a) => x === itk[name][3 * n + a]));
      assert.ok(still.length > 5 && still.length < 55, `${still.length} points stay`);
      assertClose(found, itk[name]);
    });
  }
});
