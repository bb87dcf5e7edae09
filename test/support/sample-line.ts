import {
  type Backend,
  type Boundary,
  createGrid,
  createImage,
  type Interpolator,
  pointsMap,
  type Resample,
} from '@voxhost/sdk';

/** Values, and derivatives by x, of a row of samples at positions along it, in float64. */
export async function sampleLine(
  backend: Backend,
  samples: readonly number[],
  how: { readonly interpolator: Interpolator; readonly boundary: Boundary },
  positions: readonly number[],
): Promise<{ values: number[]; slopes: number[] }> {
  const grid = createGrid({ size: [samples.length, 1] });
  const operation: Resample = {
    kind: 'resample',
    source: createImage(grid, Float64Array.from(samples)),
    ...how,
    pixelType: 'float64',
    gradient: true,
    demand: { maps: ['points'], samples: 'points', perRun: positions.length, runs: 1 },
  };
  await using prepared = await backend.prepare(operation);
  const points = Float64Array.from(positions.flatMap((x) => [x, 0]));
  const { data } = await prepared.run(pointsMap(points), { samples: { points } });
  const n = positions.length;
  return { values: [...data.subarray(0, n)], slopes: [...data.subarray(n, 2 * n)] };
}
