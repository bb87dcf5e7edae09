import assert from 'node:assert/strict';
import {
  type AffineMap,
  createBreather,
  evaluate,
  type FieldMap,
  fieldMap,
  type Lattice,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { gazeOf } from '#cpu/bricks/gaze.js';
import { wholeBox } from '#cpu/bricks/index-box.js';
import { surveyLattice, valuesWithin } from '#cpu/bricks/lattice-survey.js';

const anyNumber = (most: number): fc.Arbitrary<number> =>
  fc.double({ min: -most, max: most, noNaN: true });
const numbers = (count: number, most: number): fc.Arbitrary<number[]> =>
  fc.array(anyNumber(most), { minLength: count, maxLength: count });

const anyLattice: fc.Arbitrary<Lattice> = fc
  .record({
    size: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 3 }),
    order: fc.constantFrom(1, 3),
    outside: fc.constantFrom('zero', 'buffer', 'edge'),
    seed: fc.integer(),
  })
  .map(({ size, order, outside, seed }) => {
    const length = 3 * size[0] * size[1] * size[2];
    const data = Float64Array.from({ length }, (_, i) => 4 * Math.sin(seed + i * i));
    return { size, order, outside, data } as Lattice;
  });

const anyAffine: fc.Arbitrary<AffineMap> = numbers(12, 2).map((matrix) => ({
  kind: 'affine',
  matrix: Float64Array.from(matrix),
}));
const anyField: fc.Arbitrary<FieldMap> = fc
  .tuple(numbers(12, 2), numbers(9, 2), numbers(12, 1), anyLattice)
  .map(([matrix, vectors, lookup, lattice]) => fieldMap({ matrix, vectors, lookup, lattice }));

const surveysOf = async (maps: readonly (AffineMap | FieldMap)[]) => {
  const lattices = maps.flatMap((map) => (map.kind === 'field' ? [map.lattice] : []));
  const surveys = await Promise.all(
    lattices.map(async (lattice) => ({
      lattice,
      survey: await surveyLattice(lattice, createBreather({})),
    })),
  );
  return (lattice: Lattice) => {
    const found = surveys.find((one) => one.lattice === lattice);
    assert.ok(found);
    return found.survey;
  };
};

/** Sums of a few terms in another order. */
const ROUNDING = 1e-9;

describe('where a part of the output looks', () => {
  it('has every mapped position of it', async () => {
    const anyStart = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 3 });
    const anySize = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 });
    const anyMaps = fc.array(fc.oneof(anyAffine, anyField), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(anyMaps, anyStart, anySize, async (maps, start, size) => {
        const surveyOf = await surveysOf(maps);
        const intervals = start.map((low, axis) => ({ low, high: low + size[axis] - 1 }));
        const { positions } = gazeOf(maps, intervals, (lattice, box) =>
          valuesWithin(surveyOf(lattice), box),
        );
        for (let i = 0; i < size[0] * size[1] * size[2]; i++) {
          const voxel = [
            i % size[0],
            Math.floor(i / size[0]) % size[1],
            Math.floor(i / size[0] / size[1]),
          ];
          const at = evaluate(
            { kind: 'sequence', maps },
            voxel.map((v, axis) => v + start[axis]),
          );
          for (const [axis, { low, high }] of positions.entries()) {
            assert.ok(at[axis] >= low - ROUNDING && at[axis] <= high + ROUNDING, `axis ${axis}`);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('goes by the control points that are near, not by all of a lattice', async () => {
    const size = [64, 8, 8];
    const data = new Float32Array(3 * 64 * 8 * 8);
    data[60] = 1000;
    const map = fieldMap({ lattice: { size, order: 1, outside: 'edge', data } });
    const survey = await surveyLattice(map.lattice, createBreather({}));
    const look = (low: number): number =>
      gazeOf(
        [map],
        [
          { low, high: low + 3 },
          { low: 0, high: 7 },
          { low: 0, high: 7 },
        ],
        (_, box) => valuesWithin(survey, box),
      ).positions[0].high;
    assert.equal(look(0), 3);
    assert.equal(look(58), 1061);
  });

  it('reads all of a lattice where positions may be no numbers', async () => {
    const field = (value: number): FieldMap =>
      fieldMap({
        lattice: {
          size: [9, 9, 9],
          order: 1,
          outside: 'edge',
          data: new Float32Array(3 * 729).fill(value),
        },
      });
    const maps = [field(Number.NaN), field(1)];
    const surveyOf = await surveysOf(maps);
    const { lattices } = gazeOf(
      maps,
      Array.from({ length: 3 }, () => ({ low: 1, high: 2 })),
      (lattice, box) => valuesWithin(surveyOf(lattice), box),
    );
    assert.ok((lattices[0]?.[0].count ?? 9) < 9);
    assert.deepEqual(lattices[1], wholeBox([9, 9, 9]));
  });
});
