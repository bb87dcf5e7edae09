import { voxelCount } from '@voxhost/sdk';
import { boxCount, type IndexBox, type IndexRange, modulo } from './index-box.js';

/** Values that lie together both in planes of pixels, x fastest, and in a copy of a box of them. */
export interface Piece {
  /** Where in the planes, where in the copy. */
  readonly at: number;
  readonly place: number;
  readonly count: number;
}

/** The pieces of a box of every channel, in their order in its copy. Pure. */
export function* piecesOf(
  size: readonly number[],
  channels: number,
  box: IndexBox,
): Generator<Piece> {
  const top = box.length - 1;
  const lower = size.slice(0, top);
  const stride = voxelCount(lower);
  const volume = boxCount(box.slice(0, top));
  const slice = isWhole(lower, box) ? undefined : [...piecesOf(lower, 1, box.slice(0, top))];
  let place = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const { first, count } of around(box[top], size[top])) {
      const at = (channel * size[top] + first) * stride;
      if (slice) yield* repeated(slice, count, { at, place }, { at: stride, place: volume });
      else yield { at, place, count: count * stride };
      place += count * volume;
    }
  }
}

type Offset = Pick<Piece, 'at' | 'place'>;

function* repeated(
  pieces: readonly Piece[],
  times: number,
  from: Offset,
  step: Offset,
): Generator<Piece> {
  for (let i = 0; i < times; i++) {
    const at = from.at + i * step.at;
    const place = from.place + i * step.place;
    for (const piece of pieces) {
      yield { at: at + piece.at, place: place + piece.place, count: piece.count };
    }
  }
}

/** How many pieces a box has in one channel, but for those that go round an end. Pure. */
export function pieceCount(size: readonly number[], box: IndexBox): number {
  const partial = box.findIndex((_, axis) => !isWhole(size.slice(0, axis + 1), box));
  return partial < 0 ? 1 : boxCount(box.slice(partial + 1));
}

const isWhole = (size: readonly number[], box: IndexBox): boolean =>
  size.every((n, axis) => box[axis].first === 0 && box[axis].count === n);

/** A range of an axis of n, cut where it goes round its end. */
function around({ first, count }: IndexRange, n: number): readonly IndexRange[] {
  const start = modulo(first, n);
  if (start + count <= n) return [{ first: start, count }];
  return [
    { first: start, count: n - start },
    { first: 0, count: count - (n - start) },
  ];
}
