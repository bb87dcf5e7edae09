import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { affineMap, type Backend, type Image, identityMap, type Metric } from '@voxhost/sdk';
import { imageOfIndex, type Profile } from '@voxhost/sdk/testing';
import { metricOf } from '../sdk/reference/metric/compare.js';

const itk = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/itk-metrics.json', import.meta.url), 'utf8'),
) as { readonly [name: string]: number };

/** As make-itk-metrics.cxx makes them. */
const wave =
  (phase: number): Profile =>
  ([i, y, z]) => {
    const x = i + phase;
    return (x * x * 3 + y * y * 5 + z * 17 + x * y * 2 + phase * z * z) % 101;
  };

const size = [12, 11, 10];
const [fixed, moving] = [0, 1].map((phase) => imageOfIndex({ size }, wave(phase), 'float64'));
const map = affineMap([0.96, 0.07, -0.03, 0.37, -0.05, 1.02, 0.04, -0.61, 0.02, -0.06, 0.98, 0.83]);

const labels = (image: Image): Image =>
  imageOfIndex(
    { size },
    ([x, y, z]) => Math.trunc(image.data[x + 12 * (y + 11 * z)] / 30),
    'uint8',
  );

/** Metrics of the same images, by the fixture's names. */
export const ITK_METRICS: readonly (readonly [name: string, operation: Metric])[] = [
  ['mean-squares', metricOf('mean-squares', fixed, moving)],
  [
    'mean-squares, bspline3',
    metricOf('mean-squares', fixed, moving, { movingInterpolator: 'bspline3' }),
  ],
  ['normalized-correlation', metricOf('normalized-correlation', fixed, moving)],
  ...[16, 32, 50].map(
    (bins) =>
      [
        `mattes-mutual-information, ${bins} bins`,
        metricOf('mattes-mutual-information', fixed, moving, { options: { bins } }),
      ] as const,
  ),
  ...[1, 2].map(
    (radius) =>
      [
        `local-normalized-correlation, radius ${radius}`,
        metricOf('local-normalized-correlation', fixed, moving, { options: { radius } }),
      ] as const,
  ),
];

/** Asserts that a backend has ITK's value and number of samples, relative to values of at least 1. */
export async function assertItkMetric(
  backend: Backend,
  name: string,
  { operation, tolerance }: { readonly operation: Metric; readonly tolerance: number },
): Promise<void> {
  await using prepared = await backend.prepare(operation);
  const { value, samples } = await prepared.run(map, { derivative: false });
  assert.equal(samples, itk['samples']);
  assert.ok(
    Math.abs(value - itk[name]) < tolerance * Math.max(1, Math.abs(value)),
    `${value}, ITK has ${itk[name]}`,
  );
}

/** The same of the overlap of labels, and of what it tells besides. */
export async function assertItkOverlap(backend: Backend, tolerance: number): Promise<void> {
  const operation = metricOf('label-overlap', labels(fixed), labels(moving), {
    derivative: false,
    movingInterpolator: 'nearest',
  });
  await using prepared = await backend.prepare(operation);
  const { value, details } = await prepared.run(identityMap(3), { derivative: false });
  const [channel] = (details as { channels: readonly { [name: string]: number }[] }).channels;
  assert.ok(Math.abs(value - itk['label-overlap']) < tolerance);
  assert.ok(Math.abs(channel['jaccard'] - itk['label-overlap, jaccard']) < tolerance);
  assert.ok(Math.abs(channel['dice 2'] - itk['label-overlap, dice 2']) < tolerance);
}
