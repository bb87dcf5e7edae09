import assert from 'node:assert/strict';
import { affineMap, type Image, identityMap, isVoxhostError, pointsMap } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { measure, metricOf, picture, smooth } from './compare.js';

const identity = identityMap(2);
const close = (found: number, expected: number): void =>
  assert.ok(
    Math.abs(found - expected) < 1e-12 * Math.max(1, Math.abs(expected)),
    `${found}, not ${expected}`,
  );

describe('metrics of the reference, worked out by hand', () => {
  const fixed = picture([
    [1, 2],
    [3, 6],
  ]);
  const moving = picture([
    [2, 2],
    [5, 3],
  ]);

  it('mean squares', async () => {
    const { value, samples } = await measure(metricOf('mean-squares', fixed, moving), identity);
    close(value, (1 + 0 + 4 + 9) / 4);
    assert.equal(samples, 4);
  });

  it('normalized correlation is minus Pearson’s coefficient', async () => {
    const { value, details } = await measure(
      metricOf('normalized-correlation', fixed, moving),
      identity,
    );
    // f - 3 = -2 -1 0 3, m - 3 = -1 -1 2 0
    close(value, -3 / Math.sqrt(14 * 6));
    assert.deepEqual(details, { figure: -value, channels: [{ figure: -value }] });
  });

  it('local normalized correlation over windows that hold the whole picture is the square of it', async () => {
    const operation = metricOf('local-normalized-correlation', fixed, moving, {
      options: { radius: 1 },
    });
    close((await measure(operation, identity)).value, -9 / (14 * 6));
  });

  it('local windows reach as far as their radius, per axis', async () => {
    const f = picture([[1, 2, 4, 7]]);
    const m = picture([[3, 1, 1, 5]]);
    const operation = metricOf('local-normalized-correlation', f, m, {
      options: { radius: [1, 0] },
    });
    // Windows {0,1}, {0,1,2}, {1,2,3}, {2,3}: of two samples the square is 1, or 0 where one is constant.
    const inner = [
      [
        [1, 2, 4],
        [3, 1, 1],
      ],
      [
        [2, 4, 7],
        [1, 1, 5],
      ],
    ].map(([a, b]) => squaredCorrelation(a, b));
    close((await measure(operation, identity)).value, -(1 + inner[0] + inner[1] + 1) / 4);
  });

  it('mutual information of an image with itself, one bin per value, is its entropy less what the window blurs', async () => {
    // 5 bins hold the range in one: nothing can be told apart.
    const blind = metricOf('mattes-mutual-information', fixed, moving, { options: { bins: 5 } });
    close((await measure(blind, identity)).value, 0);
    // Two values in 6 bins: fixed bins 2 and 3; moving positions 2 and 4, windows (1 4 1)/6 on bins 1-3 and 3-5.
    const two = picture([
      [0, 1],
      [1, 0],
    ]);
    const operation = metricOf('mattes-mutual-information', two, two, { options: { bins: 6 } });
    // p(0, 1..3) = (1 4 1)/12, p(1, 3..5) = (1 4 1)/12; only bin 3 is shared, with p_m = 1/6.
    const shared = (1 / 12) * Math.log(1 / 12 / ((1 / 2) * (1 / 6)));
    const own = (1 / 12) * Math.log(1 / 12 / ((1 / 2) * (1 / 12)));
    const peak = (4 / 12) * Math.log(4 / 12 / ((1 / 2) * (4 / 12)));
    close((await measure(operation, identity)).value, -2 * (shared + own + peak));
  });

  it('dice of memberships', async () => {
    const a = picture([[1, 1, 0, 0]]);
    const b = picture([[1, 0, 0.5, 0]]);
    close((await measure(metricOf('dice', a, b), identity)).value, -2 / 3.5);
  });

  it('label overlap, all labels together and each', async () => {
    const a = picture([[0, 1, 1, 2, 2, 2]]);
    const b = picture([[1, 1, 0, 2, 2, 3]]);
    const operation = metricOf('label-overlap', a, b, {
      derivative: false,
      movingInterpolator: 'nearest',
    });
    const { value, details } = await measure(operation, identity);
    close(value, -(2 * 3) / (5 + 5));
    assert.deepEqual(details, {
      figure: 0.6,
      channels: [{ figure: 0.6, 'dice 1': 0.5, 'dice 2': 0.8, 'dice 3': 0, jaccard: 3 / 7 }],
    });
  });
});

function squaredCorrelation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number): number => a.reduce((s, _, i) => s + f(i), 0);
  const sab = sum((i) => (a[i] - ma) * (b[i] - mb));
  return sab ** 2 / (sum((i) => (a[i] - ma) ** 2) * sum((i) => (b[i] - mb) ** 2));
}

const NAMES = [
  'mean-squares',
  'normalized-correlation',
  'mattes-mutual-information',
  'local-normalized-correlation',
  'dice',
];

describe('which samples a metric counts', () => {
  const size = [7, 6];
  const [fixed, moving] = [smooth(size), smooth(size, 0.7)];
  const far = affineMap([1, 0, 100, 0, 1, 0]);

  for (const name of NAMES) {
    it(`${name}: none, then the value is NaN and the derivative 0`, async () => {
      const { value, samples, derivative, details } = await measure(
        metricOf(name, fixed, moving),
        far,
      );
      assert.ok(Number.isNaN(value));
      assert.equal(samples, 0);
      assert.deepEqual(derivative, new Float64Array(6));
      assert.deepEqual(details, { figure: null, channels: [] });
    });

    it(`${name}: constant images are flat`, async () => {
      const flat = picture(Array(6).fill(Array(7).fill(0.1)));
      for (const [f, m] of [
        [flat, moving],
        [fixed, flat],
        [flat, flat],
      ] as const) {
        const { value, derivative } = await measure(
          metricOf(name, f, m),
          affineMap([0.9, 0, 0.1, 0, 0.9, 0.2]),
        );
        assert.ok(Number.isFinite(value));
        if (name !== 'mean-squares' && name !== 'dice') {
          assert.equal(value, 0);
          assert.deepEqual(derivative, new Float64Array(6));
        }
      }
    });

    it(`${name}: masks, NaN and the moving buffer take samples away, as if they were not given`, async () => {
      const fixedMask = maskOf(size, (i) => i % 5 !== 0);
      const movingMask = maskOf(size, (i) => i % 7 !== 3);
      const holed: Image = { ...moving, data: moving.data.slice() };
      holed.data[16] = Number.NaN;
      const operation = metricOf(name, fixed, holed, { fixedMask, movingMask });
      const map = affineMap([1, 0, 0.3, 0, 1, 1.2]);
      const { samples } = await measure(operation, map);
      const counts = (x: number, y: number): boolean => {
        // The mapped point lies between voxels x, x + 1 and y + 1, y + 2, nearest to the first of each.
        const reads = [x, Math.min(x + 1, 6)].flatMap((a) =>
          [y + 1, Math.min(y + 2, 5)].map((b) => a + 7 * b),
        );
        if (y + 1.2 >= 5.5 || reads.includes(16)) return false;
        return fixedMask.data[x + 7 * y] !== 0 && movingMask.data[x + 7 * (y + 1)] !== 0;
      };
      const voxels = Array.from({ length: 42 }, (_, i) => [i % 7, Math.floor(i / 7)] as const);
      const expected = voxels.filter(([x, y]) => counts(x, y)).length;
      assert.equal(samples, expected);
    });

    it(`${name}: points on the grid are its voxels, and points outside the fixed image count for nothing`, async () => {
      const map = affineMap([0.95, 0.04, 0.3, -0.03, 1.02, 0.1]);
      const voxels = Float64Array.from({ length: 2 * 42 }, (_, i) =>
        i % 2 === 0 ? (i / 2) % 7 : Math.floor(i / 14),
      );
      const more = Float64Array.from([...voxels, -0.6, 0, 3, 5.5, Number.NaN, 1]);
      const operation = metricOf(name, fixed, moving);
      const whole = await measure(operation, map);
      for (const points of [voxels, more]) {
        const found = await measure(operation, map, { points });
        assert.equal(found.samples, whole.samples);
        close(found.value, whole.value);
        found.derivative?.forEach((d, i) => {
          close(d, whole.derivative?.[i] ?? Number.NaN);
        });
      }
    });

    it(`${name}: the value is the mean over channels`, async () => {
      const other = smooth(size, 1.3);
      const stack = (a: Image, b: Image): Image => ({
        ...a,
        channels: 2,
        data: Float64Array.from([...a.data, ...b.data]),
      });
      const map = affineMap([0.95, 0.04, 0.3, -0.03, 1.02, 0.1]);
      const [one, two] = [metricOf(name, fixed, moving), metricOf(name, moving, other)];
      const both = metricOf(name, stack(fixed, moving), stack(moving, other));
      const [a, b, c] = [
        await measure(one, map),
        await measure(two, map),
        await measure(both, map),
      ];
      close(c.value, (a.value + b.value) / 2);
      c.derivative?.forEach((d, i) => {
        close(d, ((a.derivative?.[i] ?? 0) + (b.derivative?.[i] ?? 0)) / 2);
      });
    });
  }

  it('two empty labels are exactly alike, and flat', async () => {
    const none = picture(Array(6).fill(Array(7).fill(0)));
    const { value, derivative } = await measure(metricOf('dice', none, none), identity);
    assert.equal(value, -1);
    assert.deepEqual(derivative, new Float64Array(6));
    const labels = await measure(
      metricOf('label-overlap', none, none, { derivative: false }),
      identity,
    );
    assert.equal(labels.value, -1);
  });

  it('refuses images, masks, options and maps that do not fit', async () => {
    const bad = (error: unknown): boolean => isVoxhostError(error, 'BAD_ARGUMENT');
    const other = smooth([5, 5]);
    const deep = smooth([5, 5, 5]);
    for (const operation of [
      metricOf('mean-squares', fixed, deep),
      metricOf('mean-squares', fixed, { ...moving, channels: 2, data: new Float64Array(84) }),
      metricOf('mean-squares', fixed, moving, { fixedMask: other }),
      metricOf('mean-squares', fixed, moving, { movingMask: other }),
      metricOf('mean-squares', fixed, moving, { options: { bins: 3 } }),
      metricOf('mean-squares', fixed, moving, { options: null }),
      metricOf('mattes-mutual-information', fixed, moving, { options: { bins: 4 } }),
      metricOf('local-normalized-correlation', fixed, moving, { options: { radius: [1, -1] } }),
    ]) {
      await assert.rejects(createReference().prepare(operation), bad);
    }
    const operation = metricOf('local-normalized-correlation', fixed, moving);
    const points = Float64Array.of(1, 1, 2, 2);
    await assert.rejects(measure(operation, pointsMap(points), { points }), bad);
    await assert.rejects(
      measure(metricOf('dice', fixed, moving), identity, { options: { seed: 1 } }),
      bad,
    );
    const silent = metricOf('dice', fixed, moving, { derivative: false });
    await assert.rejects(measure(silent, identity, { derivative: true }), bad);
  });
});

function maskOf(size: readonly number[], isInside: (i: number) => boolean): Image {
  const rows = Array.from({ length: size[1] }, (_, y) =>
    Array.from({ length: size[0] }, (__, x) => (isInside(x + size[0] * y) ? 2 : 0)),
  );
  return picture(rows);
}
