import assert from 'node:assert/strict';
import { BOUNDARY_KINDS, type Boundary, INTERPOLATORS, type Interpolator } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import fc from 'fast-check';
import { sampleLine } from '../../support/sample-line.js';

const boundaryOf = (kind: Boundary['kind'], value: number): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer' ? { kind, value } : { kind };

/** Of float64 sums of products of about 10. */
const ROUNDING = 1e-12;

describe('boundaries of the reference', () => {
  it('linear on 1 2 3 4 at -1.25, -0.5, -0.25, 3.5, 4.25, worked out by hand', async () => {
    const expected: readonly (readonly [Boundary, readonly number[]])[] = [
      [{ kind: 'grid-constant', value: 0 }, [0, 0.5, 0.75, 2, 0]],
      [{ kind: 'grid-constant', value: 9 }, [9, 5, 3, 6.5, 9]],
      [{ kind: 'constant', value: 9 }, [9, 9, 9, 9, 9]],
      [{ kind: 'buffer', value: 9 }, [9, 1, 1, 9, 9]],
      [{ kind: 'nearest' }, [1, 1, 1, 4, 4]],
      [{ kind: 'reflect' }, [1.25, 1, 1, 4, 3.75]],
      [{ kind: 'mirror' }, [2.25, 1.5, 1.25, 3.5, 2.75]],
      [{ kind: 'wrap' }, [2.75, 3.5, 3.75, 1.5, 2.25]],
      [{ kind: 'grid-wrap' }, [3.75, 2.5, 1.75, 2.5, 1.25]],
    ];
    for (const [boundary, values] of expected) {
      const how = { interpolator: 'linear', boundary } as const;
      const found = await sampleLine(
        createReference(),
        [1, 2, 3, 4],
        how,
        [-1.25, -0.5, -0.25, 3.5, 4.25],
      );
      assert.deepEqual(found.values, values, boundary.kind);
    }
  });

  it('buffer is closed at -0.5 and open at n - 0.5; constant is closed at both ends', async () => {
    const at = (boundary: Boundary, positions: readonly number[]): Promise<{ values: number[] }> =>
      sampleLine(createReference(), [1, 2, 3], { interpolator: 'nearest', boundary }, positions);
    const buffer = await at({ kind: 'buffer', value: 9 }, [-0.5, -0.500001, 2.499999, 2.5]);
    assert.deepEqual(buffer.values, [1, 9, 3, 9]);
    const constant = await at({ kind: 'constant', value: 9 }, [-1e-9, 0, 2, 2.000001]);
    assert.deepEqual(constant.values, [9, 1, 3, 9]);
  });

  it('buffer mirrors under prefiltered B-splines, as ITK does within the half voxel', async () => {
    const inside = [-0.5, -0.25, 3.25, 3.4375];
    for (const interpolator of ['bspline2', 'bspline3', 'bspline5'] as const) {
      const buffer = { kind: 'buffer', value: 9 } as const;
      const a = await sampleLine(
        createReference(),
        [1, 5, 2, 7],
        { interpolator, boundary: buffer },
        inside,
      );
      const b = await sampleLine(
        createReference(),
        [1, 5, 2, 7],
        { interpolator, boundary: { kind: 'mirror' } },
        inside,
      );
      assert.deepEqual(a, b);
    }
  });

  it('every interpolator but the raw B-splines has the samples at whole indices, on axes of any length', async () => {
    const interpolators = INTERPOLATORS.filter((name) => !name.endsWith('-raw'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 9 }),
        fc.constantFrom(...interpolators),
        fc.constantFrom(...BOUNDARY_KINDS),
        async (samples, interpolator, kind) => {
          const how = { interpolator, boundary: boundaryOf(kind, 3) };
          const { values } = await sampleLine(createReference(), samples, how, [...samples.keys()]);
          for (const [i, value] of values.entries()) {
            assert.ok(Math.abs(value - samples[i]) < ROUNDING, `${value} is not ${samples[i]}`);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('mirror, reflect, grid-wrap and wrap have their period', async () => {
    const periods = { mirror: 10, reflect: 12, 'grid-wrap': 6, wrap: 5 } as const;
    const samples = [1, 5, 2, 7, 4, 3];
    for (const [kind, period] of Object.entries(periods)) {
      for (const interpolator of ['linear', 'bspline3', 'keys-0.5', 'lanczos3'] as const) {
        const how = { interpolator, boundary: { kind } as Boundary };
        const at = [-7.3, 0.4, 2.6, 5.7];
        const here = await sampleLine(createReference(), samples, how, at);
        const there = await sampleLine(
          createReference(),
          samples,
          how,
          at.map((x) => x + 3 * period),
        );
        for (const [i, value] of here.values.entries()) {
          assert.ok(Math.abs(value - there.values[i]) < ROUNDING * 100, `${kind} ${interpolator}`);
        }
      }
    }
  });

  it('a position that is not finite has the boundary’s value, else NaN', async () => {
    for (const kind of BOUNDARY_KINDS) {
      const boundary = boundaryOf(kind, 7);
      for (const interpolator of [
        'nearest',
        'linear',
        'bspline3',
        'label-linear',
      ] as Interpolator[]) {
        const how = { interpolator, boundary };
        const { values } = await sampleLine(createReference(), [1, 2], how, [
          Number.NaN,
          1 / 0,
          -1 / 0,
        ]);
        const expected = 'value' in boundary ? 7 : Number.NaN;
        assert.deepEqual(values, [expected, expected, expected], `${kind} ${interpolator}`);
      }
    }
  });
});
