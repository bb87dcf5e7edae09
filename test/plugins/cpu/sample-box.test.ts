import assert from 'node:assert/strict';
import { BOUNDARY_KINDS, type Boundary, type BoundaryKind } from '@voxhost/sdk';
import fc from 'fast-check';
import { modulo } from '#cpu/bricks/index-box.js';
import { foldedRange, samplesOf } from '#cpu/bricks/sample-box.js';
import { FOLD, samplingRules } from '#cpu/sampling-rules.js';
import { extensionOf, foldIndex } from '#sdk/reference/fold.js';
import { placeFor } from '#sdk/reference/place.js';

const boundaryOf = (kind: BoundaryKind): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
    ? { kind, value: 7 }
    : { kind };

/** Lanczos, the widest. */
const TAPS = [-2, -1, 0, 1, 2, 3];

const anyAxis = fc.record({
  n: fc.integer({ min: 1, max: 40 }),
  low: fc.double({ min: -120, max: 120, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 60, noNaN: true })),
  parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
  kind: fc.constantFrom(...BOUNDARY_KINDS),
});

/** Is a sample in a range that may go round the end of its axis? */
const isIn = (
  sample: number,
  { first, count }: { first: number; count: number },
  n: number,
): boolean => modulo(sample - first, n) < count;

/** The samples that a kernel reads at a position, whose place is settled already. */
function samplesAt(
  at: number,
  n: number,
  kind: BoundaryKind,
  isRounded: boolean,
): readonly number[] {
  if (Number.isNaN(at)) return [];
  const taps = isRounded ? [Math.floor(at + 0.5)] : TAPS.map((tap) => Math.floor(at) + tap);
  return taps.map((tap) => foldIndex(tap, n, extensionOf(kind, false))).filter((i) => i >= 0);
}

describe('the samples that positions of an interval look at', () => {
  for (const [name, isRounded] of [
    ['lanczos3', false],
    ['nearest', true],
  ] as const) {
    it(`include every tap of ${name} where the boundary sends it`, () => {
      fc.assert(
        fc.property(anyAxis, ({ n, low, length, parts, kind }) => {
          const rules = samplingRules(name, boundaryOf(kind));
          const range = samplesOf({ low, high: low + length }, { count: n, margin: 0 }, rules);
          assert.ok(range.count >= 1 && range.count <= n);
          for (const part of [0, 1, ...parts]) {
            const at = placeFor(kind, isRounded)(low + part * length, n);
            for (const sample of samplesAt(at, n, kind, isRounded)) {
              assert.ok(isIn(sample, range, n), `${sample} of ${at}`);
            }
          }
        }),
        { numRuns: 3000 },
      );
    });
  }

  it('are few where positions are near each other, whatever the boundary', () => {
    fc.assert(
      fc.property(anyAxis, ({ low, kind }) => {
        const { count } = samplesOf(
          { low, high: low },
          { count: 1000, margin: 0 },
          samplingRules('linear', boundaryOf(kind)),
        );
        // Four on either side, and beyond both ends of an axis that goes round.
        assert.ok(count <= 11, `${count}`);
      }),
      { numRuns: 500 },
    );
  });

  it('are told apart from those that a copy of their surroundings would touch', () => {
    fc.assert(
      fc.property(anyAxis, ({ n, low, length, kind }) => {
        const rules = samplingRules('linear', boundaryOf(kind));
        const { isPlain, ...range } = samplesOf(
          { low, high: low + length },
          { count: n, margin: 0 },
          rules,
        );
        if (!isPlain) return;
        assert.ok(range.first >= 0 && range.first + range.count <= n);
        const isLimited = kind === 'constant' || kind === 'buffer';
        const [least, most] = isLimited ? [-1, n] : [-Infinity, Infinity];
        const from = Math.floor(Math.min(Math.max(low, least), most)) - 3;
        const to = Math.ceil(Math.min(Math.max(low + length, least), most)) + 3;
        for (let i = from; i <= to; i++) {
          const sample = foldIndex(i, n, extensionOf(kind, false));
          assert.ok(sample < 0 || isIn(sample, range, n), `${i} is ${sample}`);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are all where a position has no number', () => {
    const rules = samplingRules('linear', { kind: 'mirror' });
    for (const low of [Number.NaN, -Infinity]) {
      const { first, count } = samplesOf({ low, high: 3 }, { count: 20, margin: 0 }, rules);
      assert.deepEqual({ first, count }, { first: 0, count: 20 });
    }
  });
});

describe('the samples that a range of an extended axis is', () => {
  it('are those of each of its indices', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom(...BOUNDARY_KINDS),
        (n, from, length, kind) => {
          const range = foldedRange(from, from + length, n, FOLD[extensionOf(kind, true)]);
          const samples = Array.from({ length: length + 1 }, (_, i) =>
            foldIndex(from + i, n, extensionOf(kind, true)),
          ).filter((sample) => sample >= 0);
          assert.ok(samples.every((sample) => isIn(sample, range, n)));
          // And none beyond the least and the largest of them, but on an axis that goes round or is filled.
          if (samples.length === 0 || kind === 'grid-wrap' || kind === 'grid-constant') return;
          assert.equal(range.first, Math.min(...samples));
          assert.equal(range.count, Math.max(...samples) - Math.min(...samples) + 1);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
