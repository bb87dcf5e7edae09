import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  affineMap,
  type Backend,
  createGrid,
  createImage,
  type FieldMap,
  fieldMap,
  type Interpolator,
  mapShape,
  type PixelType,
  type Resample,
  then,
} from '@voxhost/sdk';
import { imageOfIndex } from '@voxhost/sdk/testing';

/** What ITK 5.2.1 gives; made by test/fixtures/make-itk-sampling.cxx. */
const ITK = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/itk-sampling.json', import.meta.url), 'utf8'),
) as { readonly [name: string]: readonly number[] };

const SIZE = [7, 6, 5];
const OUTPUT = [8, 7, 6];
const OUTSIDE = -77;

export const ITK_INTERPOLATORS = [
  'nearest',
  'linear',
  'bspline2',
  'bspline3',
  'bspline4',
  'bspline5',
] as const satisfies readonly Interpolator[];

const MAP = affineMap([1.03, 0.17, -0.11, -1.3, -0.13, 1.08, 0.09, -0.7, 0.07, -0.16, 1.05, -0.9]);

/** ITK's transforms over the same lattice, 1.5 apart from (-0.5, 0.25, 1). */
export const ITK_TRANSFORMS = ['bspline transform', 'displacement field transform'] as const;

export function assertClose(
  found: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): void {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(found[i] - value) <= tolerance, `value ${i}: ${found[i]}, ITK has ${value}`);
  }
}

/** What a backend is asked, and how far it may be from ITK: its pixels are whole numbers up to 82. */
export interface ItkCase {
  readonly interpolator: (typeof ITK_INTERPOLATORS)[number];
  readonly from: PixelType;
  readonly to: PixelType;
  readonly tolerance: number;
}

/** ResampleImageFilter under an affine that leaves the image on all sides, with its default pixel value outside. */
export async function assertItkResample(backend: Backend, one: ItkCase): Promise<void> {
  const { interpolator, from, to, tolerance } = one;
  const at = ([x, y, z]: Float64Array): number => x + SIZE[0] * (y + SIZE[1] * z);
  const operation: Resample = {
    kind: 'resample',
    source: imageOfIndex({ size: SIZE }, (index) => (at(index) * 29) % 83, from),
    interpolator,
    boundary: { kind: 'buffer', value: OUTSIDE },
    pixelType: to,
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: 336, runs: 1 },
  };
  await using prepared = await backend.prepare(operation);
  const { data } = await prepared.run(MAP, { samples: { size: OUTPUT } });
  const expected = ITK[interpolator];
  assert.ok(expected.includes(OUTSIDE) && expected.some((value) => value > 0));
  assertClose(data, expected, tolerance);
}

/** Points within and beyond the lattice. */
export const ITK_POINTS: readonly (readonly number[])[] = Array.from({ length: 60 }, (_, n) => [
  ((n * 37) % 97) / 8 - 0.9375,
  ((n * 53) % 67) / 8 - 0.4375,
  ((n * 71) % 59) / 8 + 0.5625,
]);

export const itkPointsUnder = (name: (typeof ITK_TRANSFORMS)[number]): readonly number[] =>
  ITK[name];

export function itkField(name: (typeof ITK_TRANSFORMS)[number]): FieldMap {
  const voxels = SIZE[0] * SIZE[1] * SIZE[2];
  const data = Float64Array.from({ length: 3 * voxels }, (_, i) => {
    const [component, k] = [Math.floor(i / voxels), i % voxels];
    return (((k + component) * 31) % 17) / 8 - 1;
  });
  const third = 1 / 1.5;
  const lookup = [third, 0, 0, 0.5 * third, 0, third, 0, -0.25 * third, 0, 0, third, -third];
  const [order, outside] =
    name === 'bspline transform' ? ([3, 'zero'] as const) : ([1, 'buffer'] as const);
  return fieldMap({ lookup, lattice: { size: SIZE, order, outside, data } });
}

/** The transform of each point, read from images whose values are their own indices. */
export async function assertItkTransform(
  backend: Backend,
  name: (typeof ITK_TRANSFORMS)[number],
  tolerance: number,
): Promise<void> {
  const [edge, room] = [30, 8];
  const grid = createGrid({ size: [edge, edge, edge] });
  const voxels = edge ** 3;
  const ramps = Float64Array.from({ length: 3 * voxels }, (_, i) => {
    const axis = Math.floor(i / voxels);
    return Math.floor((i % voxels) / edge ** axis) % edge;
  });
  const map = then(itkField(name), affineMap([1, 0, 0, room, 0, 1, 0, room, 0, 0, 1, room]));
  const operation: Resample = {
    kind: 'resample',
    source: createImage(grid, ramps, 3),
    interpolator: 'linear',
    boundary: { kind: 'constant', value: Number.NaN },
    pixelType: 'float64',
    gradient: false,
    demand: { maps: [mapShape(map)], samples: 'points', perRun: ITK_POINTS.length, runs: 1 },
  };
  await using prepared = await backend.prepare(operation);
  const points = Float64Array.from(ITK_POINTS.flat());
  const { data } = await prepared.run(map, { samples: { points } });
  const found = ITK_POINTS.flatMap((_, n) =>
    [0, 1, 2].map((axis) => data[axis * ITK_POINTS.length + n] - room),
  );
  assertClose(found, ITK[name], tolerance);
}
