import assert from 'node:assert/strict';
import {
  BOUNDARY_KINDS,
  type Boundary,
  type BoundaryKind,
  createGrid,
  createImage,
  identityMap,
  isVoxhostError,
  type Resample,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { createCpu } from './support.js';

const boundaryOf = (kind: BoundaryKind, value: number): Boundary =>
  kind === 'constant' || kind === 'buffer' || kind === 'grid-constant' ? { kind, value } : { kind };

const anySize = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 2 }),
  fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 3, maxLength: 3 }),
);

const anyCase = fc.record({
  size: anySize,
  channels: fc.integer({ min: 1, max: 2 }),
  isWide: fc.boolean(),
  interpolator: fc.constantFrom('bspline2', 'bspline3', 'bspline5'),
  kind: fc.constantFrom(...BOUNDARY_KINDS),
  value: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

const SMALL = { size: [9, 8, 7], channels: 1, interpolator: 'bspline3' } as const;

function operationOf({
  size,
  channels,
  isWide,
  interpolator,
  kind,
}: Omit<Case, 'value' | 'place' | 'size'> & { readonly size: readonly number[] }): Resample {
  const voxels = size.reduce((product, n) => product * n, 1);
  const length = voxels * channels;
  const values = Float64Array.from({ length }, (_, i) => ((i * 37) % 101) - 50);
  const data = isWide ? values : Float32Array.from(values);
  return {
    kind: 'resample',
    source: createImage(createGrid({ size }), data, channels),
    interpolator,
    boundary: boundaryOf(kind, 3),
    pixelType: 'float32',
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: voxels, runs: 1 },
  };
}

describe('a sample that a prefilter would spread', () => {
  it('is told by its place, wherever it is, and its absence is not', async () => {
    await using backend = await createCpu(2);
    await fc.assert(
      fc.asyncProperty(anyCase, async (which) => {
        const operation = operationOf(which);
        const { data } = operation.source;
        await using prepared = await backend.prepare(operation);
        const { size } = which;
        const { data: before } = await prepared.run(identityMap(size.length), {
          samples: { size },
        });
        assert.ok(before.every(Number.isFinite));
        const at = Math.floor(which.place * data.length);
        data[at] = which.value;
        await assert.rejects(
          backend.prepare(operation),
          (error) =>
            isVoxhostError(error, 'BAD_IMAGE') &&
            error.message.includes(`${which.value} at ${at},`),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('is none where sums of finite samples are too large', async () => {
    await using backend = await createCpu(2);
    const operation = operationOf({ ...SMALL, kind: 'mirror', isWide: true });
    operation.source.data.fill(1e308);
    await using prepared = await backend.prepare(operation);
    const { data } = await prepared.run(identityMap(3), { samples: { size: SMALL.size } });
    assert.equal(data.length, operation.source.data.length);
  });

  it('may be the value that padding has', async () => {
    await using backend = await createCpu(2);
    const operation = operationOf({ ...SMALL, kind: 'grid-constant', isWide: false });
    const boundary = { kind: 'grid-constant', value: Number.NaN } as const;
    await assert.rejects(backend.prepare({ ...operation, boundary }), (error) =>
      isVoxhostError(error, 'BAD_ARGUMENT'),
    );
  });
});
