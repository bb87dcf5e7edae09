import assert from 'node:assert/strict';
import { createGrid, createImage, identityMap, isVoxhostError, type Resample } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';

/** A B-spline of a volume so large that its prefilter takes a while. */
function largeSpline(edge: number): Resample {
  const data = Float32Array.from({ length: edge ** 3 }, (_, i) => i % 7);
  return {
    kind: 'resample',
    source: createImage(createGrid({ size: [edge, edge, edge] }), data),
    interpolator: 'bspline5',
    boundary: { kind: 'mirror' },
    pixelType: 'float32',
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: 1, runs: 1 },
  };
}

describe('preparing on the reference', () => {
  it('lets others run, and can be given up on the way', async () => {
    const controller = new AbortController();
    const reason = new Error('given up');
    const timer = setTimeout(() => controller.abort(reason), 1);
    const error = await createReference()
      .prepare(largeSpline(96), controller.signal)
      .then(
        () => undefined,
        (rejection: unknown) => rejection,
      );
    clearTimeout(timer);
    assert.equal(error, reason);
  });

  it('ends with the backend', async () => {
    const backend = createReference();
    const preparing = backend.prepare(largeSpline(64));
    await backend[Symbol.asyncDispose]();
    await assert.rejects(preparing, (error) => isVoxhostError(error, 'DISPOSED'));
  });

  it('says what memory a spline and its runs take', () => {
    const support = createReference().supports(largeSpline(8));
    assert.deepEqual(support, { ok: true, memory: { prepare: 8 * 8 ** 3, run: 4 } });
  });

  it('refuses words that nobody has heard of, by their axis', async () => {
    const base = largeSpline(4);
    for (const [axis, change] of [
      ['interpolator', { interpolator: 'septic' }],
      ['boundary', { boundary: { kind: 'moebius' } }],
      ['output', { pixelType: 'float16' }],
      ['map', { demand: { ...base.demand, maps: ['spiral'] } }],
    ] as const) {
      const operation = { ...base, ...change } as unknown as Resample;
      const support = createReference().supports(operation);
      assert.equal(support.ok ? 'none' : support.axis, axis);
      await assert.rejects(createReference().prepare(operation), (error) =>
        isVoxhostError(error, 'UNSUPPORTED'),
      );
    }
  });

  it('keeps a fill value that is not finite from a prefilter', async () => {
    const boundary = { kind: 'grid-constant', value: Number.NaN } as const;
    await assert.rejects(createReference().prepare({ ...largeSpline(4), boundary }), (error) =>
      isVoxhostError(error, 'BAD_ARGUMENT'),
    );
    const linear: Resample = { ...largeSpline(4), boundary, interpolator: 'linear' };
    await using prepared = await createReference().prepare(linear);
    const { data } = await prepared.run(identityMap(3), {
      samples: { size: [1, 1, 1], start: [-2, 0, 0] },
    });
    assert.ok(Number.isNaN(data[0]));
  });
});
