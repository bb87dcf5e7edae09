import assert from 'node:assert/strict';
import {
  type AffineMap,
  affineMap,
  BOUNDARY_KINDS,
  type BoundaryKind,
  evaluate,
  sliceWindow,
} from '@voxhost/sdk';
import fc from 'fast-check';

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

describe('the slices that a block of output looks at', () => {
  const anyBlock = fc.record({
    row: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
    offset: fc.double({ min: -30, max: 30, noNaN: true }),
    start: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 }),
    size: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
    n: fc.integer({ min: 2, max: 40 }),
    kind: fc.constantFrom(...BOUNDARY_KINDS.filter((kind) => kind !== 'wrap')),
  });

  it('include every tap of a six-tap kernel', () => {
    fc.assert(
      fc.property(anyBlock, ({ row, offset, start, size, n, kind }) => {
        const map = affineMap([1, 0, 0, 0, 0, 1, 0, 0, ...row, offset]);
        const { first, count } = sliceWindow(map, { size, start }, n, kind);
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
});
