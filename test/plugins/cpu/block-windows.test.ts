import assert from 'node:assert/strict';
import {
  type AffineMap,
  affineMap,
  type Backend,
  BOUNDARY_KINDS,
  type Boundary,
  type BoundaryKind,
  createGrid,
  createImage,
  evaluate,
  fieldMap,
  type IndexMap,
  identityMap,
  type Lattice,
  type Resample,
  sequenceMap,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { createWindows } from '#cpu/block-windows.js';
import { createCpu } from './support.js';

const modulo = (i: number, period: number): number => ((i % period) + period) % period;

/** The slice at index i of n, or undefined where there is none. */
function sliceAt(i: number, n: number, kind: BoundaryKind): number | undefined {
  if (i >= 0 && i < n) return i;
  if (kind === 'nearest' || kind === 'buffer') return i < 0 ? 0 : n - 1;
  if (kind === 'grid-constant') return undefined;
  if (kind === 'grid-wrap') return modulo(i, n);
  if (kind === 'reflect') return Math.min(modulo(i, 2 * n), 2 * n - 1 - modulo(i, 2 * n));
  const rest = modulo(i, 2 * n - 2);
  return Math.min(rest, 2 * n - 2 - rest);
}

const isOutside = (x: number, n: number, kind: BoundaryKind): boolean =>
  (kind === 'constant' && (x < 0 || x > n - 1)) ||
  (kind === 'buffer' && (x < -0.5 || x >= n - 0.5));

/** Mapped z of the corners of a block. */
const cornersOf = (map: AffineMap, start: readonly number[], size: readonly number[]): number[] =>
  Array.from({ length: 8 }, (_, corner) => {
    const voxel = size.map((s, a) => start[a] + ((corner >> a) & 1) * (s - 1));
    return evaluate(map, voxel)[2];
  });

const tapsAt = (z: number): number[] => [-2, -1, 0, 1, 2, 3].map((tap) => Math.floor(z) + tap);

const boundaryOf = (kind: BoundaryKind): Boundary =>
  kind === 'constant' || kind === 'buffer' || kind === 'grid-constant'
    ? { kind, value: 7 }
    : { kind };

const resampleOf = (size: readonly number[], boundary: Boundary): Resample => {
  const voxels = size.reduce((product, n) => product * n, 1);
  const data = Float32Array.from({ length: voxels }, (_, i) => (i * 37) % 1009);
  return {
    kind: 'resample',
    source: createImage(createGrid({ size }), data),
    interpolator: 'linear',
    boundary,
    pixelType: 'float32',
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: voxels, runs: 1 },
  };
};

describe('the slices that a block of output looks at', () => {
  const anyBlock = fc.record({
    row: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
    offset: fc.double({ min: -30, max: 30, noNaN: true }),
    start: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 }),
    size: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
    n: fc.integer({ min: 2, max: 40 }),
    kind: fc.constantFrom(...BOUNDARY_KINDS.filter((kind) => kind !== 'wrap')),
  });

  it('include every tap of a six-tap kernel', async () => {
    await fc.assert(
      fc.asyncProperty(anyBlock, async ({ row, offset, start, size, n, kind }) => {
        const map = affineMap([1, 0, 0, 0, 0, 1, 0, 0, ...row, offset]);
        const operation = resampleOf([2, 2, n], boundaryOf(kind));
        const windowsOf = await createWindows(operation, map, true, {});
        const { first, count } = windowsOf({ start, size }).source;
        assert.ok(first >= 0 && first + count <= n && count >= 1);
        for (const z of cornersOf(map, start, size)) {
          if (isOutside(z, n, kind)) continue;
          const seen = tapsAt(z).map((tap) => sliceAt(tap, n, kind) ?? first);
          assert.ok(seen.every((slice) => slice >= first && slice < first + count));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are few of a small lattice and of what it leads to, and all behind one that is not looked at', async () => {
    const operation = resampleOf([8, 8, 100], { kind: 'nearest' });
    const block = { size: [8, 8, 10], start: [0, 0, 50] };
    const windowsUnder = async (map: IndexMap) =>
      (await createWindows(operation, map, true, {}))(block);
    const small = fieldMap({ lattice: latticeOf([8, 8, 100], 3, 'edge') });
    const { source, lattices } = await windowsUnder(small);
    assert.ok(source.count < 30 && (lattices[0]?.count ?? 0) < 20, JSON.stringify(source));
    const large = fieldMap({ lattice: latticeOf([20, 20, 100], 1, 'zero') });
    const [first, second] = (await windowsUnder(sequenceMap([large, small]))).lattices;
    assert.ok((first?.count ?? 0) < 20);
    assert.deepEqual(second, { first: 0, count: 100 });
    assert.deepEqual((await windowsUnder(large)).source, { first: 0, count: 100 });
  });
});

function latticeOf(size: readonly number[], order: 1 | 3, outside: Lattice['outside']): Lattice {
  const length = 3 * size[0] * size[1] * size[2];
  const data = Float32Array.from({ length }, (_, i) => 3 * Math.sin(i * i));
  return { size, order, outside, data };
}

describe('what is brought for the blocks of a run', () => {
  /** Several blocks of 2 MiB. */
  const OUTPUT = [96, 80, 220];
  const scaled = [0.9, 0, 0, 0, 0, 0.9, 0, 0, 0.1, 0.05, 0.45, 0];
  const turned = affineMap([1, 0, 0, 1, 0, 0.9, 0.1, 0, 0.05, -0.1, 0.8, 3]);
  const MAPS: Readonly<Record<string, IndexMap>> = {
    'an affine': affineMap(scaled),
    'a dense field': fieldMap({ lattice: latticeOf(OUTPUT, 1, 'buffer'), matrix: scaled }),
    'a field that looks backwards': fieldMap({
      lattice: latticeOf([40, 40, 120], 1, 'zero'),
      lookup: [0.4, 0, 0, 0, 0, 0.5, 0, 0, 0.05, 0, -0.5, 112],
    }),
    'a cubic field': fieldMap({
      lattice: latticeOf([9, 9, 14], 3, 'edge'),
      lookup: [0.08, 0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0.06, 0],
    }),
    'a sequence': sequenceMap([
      fieldMap({ lattice: latticeOf(OUTPUT, 1, 'edge') }),
      turned,
      fieldMap({ lattice: latticeOf([12, 12, 30], 3, 'zero'), lookup: [...scaled] }),
    ]),
  };

  for (const [name, map] of Object.entries(MAPS)) {
    it(`is all that they look at: ${name}`, async () => {
      const operation = resampleOf([70, 60, 100], { kind: 'buffer', value: -1 });
      await using backend = await createCpu(2);
      await spoilMemory(backend);
      await using blocks = await backend.prepare(operation);
      const { data } = await blocks.run(map, { samples: { size: OUTPUT } });
      await using whole = await backend.prepare(operation);
      // Everything is brought for points.
      await whole.run(map, { samples: { points: new Float64Array(3) } });
      const expected = await whole.run(map, { samples: { size: OUTPUT } });
      assert.ok(Buffer.from(data.buffer).equals(Buffer.from(expected.data.buffer)));
      assert.ok(data.some((value) => value !== -1));
    });
  }

  /** What is not brought is no number. */
  async function spoilMemory(backend: Backend): Promise<void> {
    const operation = resampleOf([192, 160, 220], { kind: 'nearest' });
    operation.source.data.fill(Number.NaN);
    await using prepared = await backend.prepare(operation);
    await prepared.run(identityMap(3), { samples: { size: [192, 160, 220] } });
  }
});
