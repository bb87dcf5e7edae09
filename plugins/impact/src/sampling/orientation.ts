/**
 * How an image is turned so that its axes run as near as they can to right, anterior, superior: axis a of what is
 * seen is axis `axes[a]` of the image, run backwards where `flips[a]`. Axes in the order of a tensor (z y x).
 */
export interface Turn {
  readonly axes: readonly number[];
  readonly flips: readonly boolean[];
}

/**
 * The turn of an image by its direction (LPS, row-major, columns are index axes): the largest entries of
 * diag(-1, -1, 1) · direction, each row and column used once, say which axis goes where, their signs which way.
 */
export function canonicalTurn(direction: readonly number[], dims: number): Turn {
  const toAnterior = (row: number) => (row < 2 ? -1 : 1);
  const entries = direction.map((value, i) => ({
    row: Math.floor(i / dims),
    axis: i % dims,
    value,
  }));
  entries.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const chosen: typeof entries = [];
  for (const entry of entries) {
    const isTaken = chosen.some(({ row, axis }) => row === entry.row || axis === entry.axis);
    if (!isTaken) chosen.push(entry);
  }
  chosen.sort((a, b) => b.row - a.row); // z first
  return {
    axes: chosen.map(({ axis }) => dims - 1 - axis),
    flips: chosen.map(({ row, value }) => value * toAnterior(row) < 0),
  };
}

/** The turn that undoes another. */
export function inverseTurn({ axes, flips }: Turn): Turn {
  const from = axes.map((_, axis) => axes.indexOf(axis));
  return { axes: from, flips: from.map((a) => flips[a]) };
}

/** Lengths of the axes after a turn, or anything else that each axis has one of. */
export const turnedAxes = <T>(values: readonly T[], { axes }: Turn): readonly T[] =>
  axes.map((axis) => values[axis]);

/** Flat position in the image, of the given size, of every voxel of what is seen. */
export function turnedPositions(size: readonly number[], { axes, flips }: Turn): Int32Array {
  const pitches = size.map((_, axis) => size.slice(axis + 1).reduce((n, s) => n * s, 1));
  let positions = Int32Array.of(0);
  for (const [a, axis] of axes.entries()) {
    const grown = new Int32Array(positions.length * size[axis]);
    for (let i = 0; i < grown.length; i++) {
      const at = i % size[axis];
      const along = flips[a] ? size[axis] - 1 - at : at;
      grown[i] = positions[Math.floor(i / size[axis])] + along * pitches[axis];
    }
    positions = grown;
  }
  return positions;
}
