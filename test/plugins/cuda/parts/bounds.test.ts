import assert from 'node:assert/strict';
import { affineMap, fieldMap, locateAll, mapMembers, type Outside } from '@voxhost/sdk';
import fc from 'fast-check';
import { FOLD } from '#cuda/parameters.js';
import { mapBounds } from '#cuda/parts/map-bounds.js';
import { neededSamples } from '#cuda/parts/needed-samples.js';
import { then } from '#sdk/map/then.js';
import { foldIndex } from '#sdk/reference/fold.js';

const FOLDS = [
  ['clamp', FOLD.clamp],
  ['reflect', FOLD.reflect],
  ['mirror', FOLD.mirror],
  ['periodic', FOLD.periodic],
  ['fill', FOLD.fill],
] as const;

describe('what a part of an output looks at', () => {
  for (const [extension, fold] of FOLDS) {
    it(`has every sample that stands in a span of an axis that goes on by ${extension}`, () => {
      const n = fc.integer({ min: 1, max: 20 });
      const end = fc.integer({ min: -70, max: 70 });
      fc.assert(
        fc.property(n, end, fc.integer({ min: 0, max: 30 }), (n, low, length) => {
          const { first, count } = neededSamples({ low, high: low + length }, n, fold);
          assert.ok(first >= 0 && count >= 1 && first + count <= n, `${first}, ${count}`);
          for (let i = low; i <= low + length; i++) {
            const sample = foldIndex(i, n, extension);
            assert.ok(sample < 0 || (sample >= first && sample < first + count), `${i}: ${sample}`);
          }
        }),
      );
    });
  }

  it('has no more than that within the samples, and all where the span has no end', () => {
    for (const [, fold] of FOLDS) {
      const span = { low: 3.5, high: 7 };
      assert.deepEqual(neededSamples(span, 20, fold), { first: 3, count: 5 });
      const endless = { low: 3, high: Number.POSITIVE_INFINITY };
      assert.deepEqual(neededSamples(endless, 20, fold), { first: 0, count: 20 });
    }
  });

  it('has every position that the map takes a point of the box to', () => {
    const entry = fc.double({ min: -2, max: 2, noNaN: true });
    const matrix = fc.array(entry, { minLength: 12, maxLength: 12 });
    const outside = fc.constantFrom<Outside>('zero', 'buffer', 'edge');
    const order = fc.constantFrom<1 | 3>(1, 3);
    const seed = fc.integer({ min: 1, max: 1000 });
    const fields = fc.record({ matrix, lookup: matrix, outside, order, seed });
    fc.assert(
      fc.property(fields, ({ matrix, lookup, outside, order, seed }) => {
        const size = [5, 4, 6];
        const data = Float32Array.from({ length: 360 }, (_, i) => 4 * Math.sin(i * seed));
        const vectors = matrix.slice(0, 9);
        const field = fieldMap({
          matrix,
          vectors,
          lookup,
          lattice: { size, order, outside, data },
        });
        const map = then(field, then(affineMap(lookup), field));
        const box = [
          { low: -3, high: 2 },
          { low: 1, high: 1 },
          { low: 0, high: 4 },
        ] as const;
        const points: number[] = [];
        for (let x = -3; x <= 2; x += 0.5) for (let z = 0; z <= 4; z += 0.5) points.push(x, 1, z);
        const found = locateAll(map, { points: Float64Array.from(points) }, 3);
        const { positions } = mapBounds(mapMembers(map), box);
        for (const [i, x] of found.entries()) {
          const { low, high } = positions[i % 3];
          const slack = 1e-9 * (1 + Math.abs(x)); // of its sums
          assert.ok(x >= low - slack && x <= high + slack, `${x} of ${low} to ${high}`);
        }
      }),
    );
  });
});
