import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { affineMap, type Image, identityMap, type Metric } from '@voxhost/sdk';
import { imageOfIndex, type Profile } from '@voxhost/sdk/testing';
import { measure, metricOf } from './compare.js';

const itk = JSON.parse(
  readFileSync(new URL('../../../../../test/fixtures/itk-metrics.json', import.meta.url), 'utf8'),
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

/** ITK prints 15 digits; its sums run in another order. */
const TOLERANCE = 1e-11;

const labels = (image: Image): Image =>
  imageOfIndex(
    { size },
    ([x, y, z]) => Math.trunc(image.data[x + 12 * (y + 11 * z)] / 30),
    'uint8',
  );

describe('the reference gives the numbers of ITK’s metrics', () => {
  const cases: readonly (readonly [string, Metric])[] = [
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
  for (const [name, operation] of cases) {
    it(name, async () => {
      const { value, samples } = await measure(operation, map);
      assert.equal(samples, itk['samples']);
      assert.ok(
        Math.abs(value - itk[name]) < TOLERANCE * Math.max(1, Math.abs(value)),
        `${value}, ITK has ${itk[name]}`,
      );
    });
  }

  it('label-overlap', async () => {
    const operation = metricOf('label-overlap', labels(fixed), labels(moving), {
      derivative: false,
      movingInterpolator: 'nearest',
    });
    const { value, details } = await measure(operation, identityMap(3));
    const [channel] = (details as { channels: readonly { [name: string]: number }[] }).channels;
    assert.ok(Math.abs(value - itk['label-overlap']) < TOLERANCE);
    assert.ok(Math.abs(channel['jaccard'] - itk['label-overlap, jaccard']) < TOLERANCE);
    assert.ok(Math.abs(channel['dice 2'] - itk['label-overlap, dice 2']) < TOLERANCE);
  });
});
