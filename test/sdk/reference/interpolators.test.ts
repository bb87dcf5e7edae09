import assert from 'node:assert/strict';
import { BOUNDARY_KINDS, type Boundary, INTERPOLATORS, type Interpolator } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { sampleLine } from '../../support/sample-line.js';

const boundaryOf = (kind: Boundary['kind']): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
    ? { kind, value: 3 }
    : { kind };

const line = (
  interpolator: Interpolator,
  samples: readonly number[],
  positions: readonly number[],
  boundary: Boundary = { kind: 'nearest' },
): Promise<{ values: number[]; slopes: number[] }> =>
  sampleLine(createReference(), samples, { interpolator, boundary }, positions);

const ROUNDING = 1e-12;

function assertClose(found: readonly number[], expected: readonly number[], message = ''): void {
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs(found[i] - value) < ROUNDING * 10,
      `${message} [${found}], not [${expected}]`,
    );
  }
}

describe('interpolators of the reference', () => {
  it('nearest sends ties up, nearest-even to the even index', async () => {
    const ties = [-0.5, 0.5, 1.5, 2.5];
    assert.deepEqual((await line('nearest', [10, 11, 12, 13], ties)).values, [10, 11, 12, 13]);
    assert.deepEqual((await line('nearest-even', [10, 11, 12, 13], ties)).values, [10, 10, 12, 12]);
  });

  it('keys takes its weights from the paper', async () => {
    // At t = 1/2: a/8 and 1/2 - a/8 on either side.
    for (const [interpolator, a] of [
      ['keys-0.5', -0.5],
      ['keys-0.75', -0.75],
    ] as const) {
      const { values, slopes } = await line(
        interpolator,
        [0, 0, 1, 0, 0, 0],
        [0.5, 1.5, 2, 2.5, 3.5],
      );
      assertClose(values, [a / 8, 0.5 - a / 8, 1, 0.5 - a / 8, a / 8], interpolator);
      // w'(1/2) = 3(a+2)/4 - (a+3), w'(3/2) = a(27/4 - 15 + 8)
      const [near, far] = [(3 * (a + 2)) / 4 - (a + 3), -a / 4];
      assertClose(slopes, [-far, -near, 0, near, far], interpolator);
    }
  });

  it('keys-0.5 reproduces quadratics', async () => {
    const quadratic = (x: number): number => 2 * x * x - 3 * x + 1;
    const samples = Array.from({ length: 8 }, (_, x) => quadratic(x));
    const at = [1, 1.3, 2.5, 4.9, 5.99];
    const { values, slopes } = await line('keys-0.5', samples, at);
    assertClose(values, at.map(quadratic));
    assertClose(
      slopes,
      at.map((x) => 4 * x - 3),
    );
  });

  it('lanczos3 keeps a constant, and weighs by sinc(s) sinc(s/3) over the sum', async () => {
    assertClose((await line('lanczos3', [4, 4, 4, 4, 4, 4], [0, 0.3, 2.5])).values, [4, 4, 4]);
    const lobe = (s: number): number =>
      (3 * Math.sin(Math.PI * s) * Math.sin((Math.PI * s) / 3)) / (Math.PI * s) ** 2;
    const sum = 2 * (lobe(0.5) + lobe(1.5) + lobe(2.5));
    const { values } = await line('lanczos3', [0, 0, 0, 1, 0, 0, 0, 0], [2.5, 4.5, 0.5, 3]);
    assertClose(values, [lobe(0.5) / sum, lobe(1.5) / sum, lobe(2.5) / sum, 1]);
  });

  it('raw B-splines weigh the samples themselves', async () => {
    const spike = [0, 0, 0, 48, 0, 0, 0];
    assertClose((await line('bspline2-raw', spike, [3, 3.5, 4])).values, [36, 24, 6]);
    assertClose((await line('bspline3-raw', spike, [3, 3.5, 4])).values, [32, 23, 8]);
    assertClose((await line('bspline4-raw', spike, [3, 5])).values, [(48 * 230) / 384, 48 / 384]);
    assertClose((await line('bspline5-raw', spike, [3, 4])).values, [
      (48 * 66) / 120,
      (48 * 26) / 120,
    ]);
  });

  it('label-linear takes the label of most weight, of equals the smaller', async () => {
    const found = await line('label-linear', [7, 2, 2, 9], [0.4, 0.5, 0.6, 1.5, 2.5, 2.6]);
    assert.deepEqual(found.values, [7, 2, 2, 2, 2, 9]);
    assert.deepEqual(found.slopes, [0, 0, 0, 0, 0, 0]);
  });

  it('an exact hit does not read the NaN beside it', async () => {
    for (const interpolator of [
      'nearest',
      'linear',
      'keys-0.5',
      'lanczos3',
      'label-linear',
    ] as const) {
      const { values } = await line(interpolator, [1, 2, Number.NaN, 4, 5], [0, 1, 2, 3, 4]);
      assert.deepEqual(values, [1, 2, Number.NaN, 4, 5], interpolator);
    }
  });

  it('the slope at the last sample is that of the last cell', async () => {
    for (const kind of BOUNDARY_KINDS) {
      const { slopes } = await line('linear', [1, 2, 4], [0, 0.5, 1, 1.5, 2], boundaryOf(kind));
      assert.deepEqual(slopes, [1, 1, 2, 2, 2], kind);
    }
  });

  it('slopes are differences, away from the knots, for every interpolator and boundary', async () => {
    const STEP = 1e-5;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 7 }),
        fc.constantFrom(...INTERPOLATORS),
        fc.constantFrom(...BOUNDARY_KINDS),
        // A cell's sixteenths but for its ends and middle, which are the knots.
        fc.tuple(fc.integer({ min: -20, max: 30 }), fc.constantFrom(1, 3, 5, 7, 9, 11, 13, 15)),
        async (samples, interpolator, kind, [cell, sixteenths]) => {
          const x = cell + sixteenths / 16;
          const at = [x - STEP, x, x + STEP];
          const { values, slopes } = await line(interpolator, samples, at, boundaryOf(kind));
          const difference = (values[2] - values[0]) / (2 * STEP);
          assert.ok(Math.abs(slopes[1] - difference) < 1e-6, `${slopes[1]} and ${difference}`);
        },
      ),
      { numRuns: 600 },
    );
  });
});
