import assert from 'node:assert/strict';
import {
  type AffineMap,
  allocatePixels,
  type Backend,
  createGrid,
  createImage,
  type Image,
  type PixelType,
  type Resample,
} from '@voxhost/sdk';

export interface Pattern {
  readonly size: readonly number[];
  readonly pixelType: PixelType;
  /** In place of one sample of so many, where the type holds fractions. */
  readonly odd?: { readonly value: number; readonly every: number } | undefined;
}

/** Small integers that no two neighbours share, so that a sample beside the right one is seen. */
export function patternOf({ size, pixelType, odd }: Pattern): Image {
  const data = allocatePixels(pixelType, size[0] * size[1] * size[2]);
  for (let i = 0; i < data.length; i++) data[i] = (i * 37 + (i >> 3)) % 120;
  if (odd !== undefined && pixelType.startsWith('float'))
    for (let i = 5; i < data.length; i += odd.every) data[i] = odd.value;
  return createImage(createGrid({ size: [...size] }), data);
}

/** A resample to the source's own type under affines. */
export const affineResample = (
  source: Image,
  sampling: Pick<Resample, 'interpolator' | 'boundary'>,
): Resample => ({
  kind: 'resample',
  source,
  ...sampling,
  pixelType: source.pixelType,
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 1e5, runs: 2 },
});

/** What is compared of an output: one voxel of so many. */
export interface Compared {
  readonly size: readonly number[];
  readonly step: number;
}

/** A block, which is sampled tile by tile and row by row, has the bits of its voxels as points, which are placed one by one. */
export async function comparePoints(
  backend: Backend,
  operation: Resample,
  map: AffineMap,
  { size, step }: Compared,
): Promise<void> {
  await using prepared = await backend.prepare(operation);
  const { data } = await prepared.run(map, { samples: { size } });
  const [x, y] = size;
  const voxels = Array.from({ length: Math.floor(data.length / step) }, (_, i) => i * step);
  const points = voxels.flatMap((i) => [i % x, Math.floor(i / x) % y, Math.floor(i / x / y)]);
  const run = await prepared.run(map, { samples: { points: Float64Array.from(points) } });
  for (const [n, i] of voxels.entries()) {
    if (Object.is(data[i], run.data[n])) continue;
    assert.fail(`voxel ${points.slice(3 * n, 3 * n + 3)}: ${data[i]}, as a point ${run.data[n]}`);
  }
}
