import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  type Boundary,
  type BoundaryKind,
  createGrid,
  createImage,
  type Interpolator,
  pointsMap,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';

interface Fixture {
  readonly cval: number;
  readonly arrays: readonly {
    readonly size: readonly number[];
    readonly data: readonly number[];
    readonly points: readonly number[];
    readonly cases: readonly {
      readonly order: number;
      readonly mode: BoundaryKind;
      readonly values: readonly number[];
    }[];
  }[];
}

const BY_ORDER: readonly Interpolator[] = [
  'nearest',
  'linear',
  'bspline2',
  'bspline3',
  'bspline4',
  'bspline5',
];

/** The fixture keeps 13 digits of values up to 10. */
const TOLERANCE = 1e-11;

const fixture = JSON.parse(
  readFileSync(
    new URL('../../../../test/fixtures/scipy-map-coordinates.json', import.meta.url),
    'utf8',
  ),
) as Fixture;

describe('the reference gives the numbers of scipy.ndimage.map_coordinates', () => {
  for (const { size, data, points, cases } of fixture.arrays) {
    const source = createImage(createGrid({ size }), Float64Array.from(data));
    const positions = Float64Array.from(points);
    for (const [order, interpolator] of BY_ORDER.entries()) {
      it(`order ${order}, every mode, ${size.join(' x ')}`, async () => {
        for (const { mode, values } of cases.filter((one) => one.order === order)) {
          await using prepared = await createReference().prepare({
            kind: 'resample',
            source,
            interpolator,
            boundary: { kind: mode, value: fixture.cval } as Boundary,
            pixelType: 'float64',
            gradient: false,
            demand: { maps: ['points'], samples: 'points', perRun: values.length, runs: 1 },
          });
          const run = await prepared.run(pointsMap(positions), { samples: { points: positions } });
          for (const [n, value] of values.entries()) {
            const at = points.slice(n * size.length, (n + 1) * size.length);
            assert.ok(
              Math.abs(run.data[n] - value) < TOLERANCE,
              `${mode} at [${at}]: ${run.data[n]}, SciPy has ${value}`,
            );
          }
        }
      });
    }
  }
});
