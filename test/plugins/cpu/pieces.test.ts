import assert from 'node:assert/strict';
import { voxelCount } from '@voxhost/sdk';
import fc from 'fast-check';
import { boxCount, type IndexBox, modulo } from '#cpu/bricks/index-box.js';
import { pieceCount, piecesOf } from '#cpu/bricks/pieces.js';

const anySize = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
/** A size, and a box that may go round the ends of its axes. */
const anyBox = anySize.chain((size) =>
  fc.tuple(
    fc.constant(size),
    fc.tuple(
      ...size.map((n) =>
        fc.record({
          first: fc.integer({ min: -n, max: n }),
          count: fc.integer({ min: 1, max: n }),
        }),
      ),
    ),
  ),
);

/** Place of an index of a box that goes round, in a plane of that size. */
function indexAt(size: readonly number[], box: IndexBox, place: number): number {
  let rest = place;
  let at = 0;
  let stride = 1;
  for (const [axis, { first, count }] of box.entries()) {
    at += stride * modulo(first + (rest % count), size[axis]);
    rest = Math.floor(rest / count);
    stride *= size[axis];
  }
  return at;
}

describe('pieces of a box', () => {
  it('are the whole box of every channel, in order', () => {
    fc.assert(
      fc.property(anyBox, fc.integer({ min: 1, max: 3 }), ([size, box], channels) => {
        const volume = boxCount(box);
        let place = 0;
        for (const piece of piecesOf(size, channels, box)) {
          assert.equal(piece.place, place);
          for (let i = 0; i < piece.count; i++, place++) {
            const channel = Math.floor(place / volume);
            const at = channel * voxelCount(size) + indexAt(size, box, place % volume);
            assert.equal(piece.at + i, at);
          }
        }
        assert.equal(place, channels * volume);
      }),
    );
  });

  it('are as many as was foretold where none goes round an end', () => {
    fc.assert(
      fc.property(anyBox, ([size, box]) => {
        const within = box.map(({ first, count }, axis) => ({
          first: Math.min(Math.max(first, 0), size[axis] - count),
          count,
        }));
        assert.equal([...piecesOf(size, 1, within)].length, pieceCount(size, within));
      }),
    );
  });
});
