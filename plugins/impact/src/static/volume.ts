import { type Turn, turnedAxes, turnedPositions } from '../sampling/orientation.js';

/** A dense array of some channels, axes in the order of a tensor (z y x), the last fastest. */
export interface Volume {
  readonly channels: number;
  readonly size: readonly number[];
  readonly data: Float32Array;
}

export const cells = (size: readonly number[]): number => size.reduce((n, s) => n * s, 1);

/** Copies a box out of one channel after the other. */
export function box(
  volume: Volume,
  start: readonly number[],
  size: readonly number[],
): Float32Array {
  const part = new Float32Array(volume.channels * cells(size));
  let at = 0;
  for (let c = 0; c < volume.channels; c++) {
    for (const from of rowStarts(volume.size, start, size)) {
      const first = c * cells(volume.size) + from;
      const length = size[size.length - 1];
      part.set(volume.data.subarray(first, first + length), at);
      at += length;
    }
  }
  return part;
}

/** All channels with their axes turned. */
export function turned({ channels, size, data }: Volume, turn: Turn): Volume {
  const positions = turnedPositions(size, turn);
  const all = new Float32Array(data.length);
  for (let i = 0; i < all.length; i++) {
    const at = i % positions.length;
    all[i] = data[i - at + positions[at]];
  }
  return { channels, size: turnedAxes(size, turn), data: all };
}

/** One channel made larger at the far ends, its last values repeated. */
export function extended({ size, data }: Volume, to: readonly number[]): Volume {
  const grown = new Float32Array(cells(to));
  for (let i = 0; i < grown.length; i++) {
    let rest = i;
    let at = 0;
    let pitch = 1;
    for (let a = to.length - 1; a >= 0; a--) {
      at += Math.min(rest % to[a], size[a] - 1) * pitch;
      rest = Math.floor(rest / to[a]);
      pitch *= size[a];
    }
    grown[i] = data[at];
  }
  return { channels: 1, size: to, data: grown };
}

/** Flat position of each row (a run along the last axis) of a box. */
export function* rowStarts(
  whole: readonly number[],
  start: readonly number[],
  size: readonly number[],
): Generator<number> {
  const rows = cells(size.slice(0, -1));
  for (let r = 0; r < rows; r++) {
    let rest = r;
    let from = start[start.length - 1];
    let pitch = whole[whole.length - 1];
    for (let a = size.length - 2; a >= 0; a--) {
      from += (start[a] + (rest % size[a])) * pitch;
      rest = Math.floor(rest / size[a]);
      pitch *= whole[a];
    }
    yield from;
  }
}
