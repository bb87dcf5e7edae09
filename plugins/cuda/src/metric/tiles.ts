/** Samples of a run that follow each other and are on the device at a time, and what is sampled for them. */
export interface Tile {
  readonly first: number;
  readonly count: number;
  /** Slices of a grid that hold them and what is around them. */
  readonly slices: { readonly first: number; readonly count: number };
}

/** A run's samples as they are cut. */
export interface Cutting {
  /** All samples. */
  readonly count: number;
  /** Samples of a slice of the grid; of a list their number. */
  readonly slice: number;
  /** Slices on either side of a sample that are sampled with it. */
  readonly halo: number;
  /** Samples that are summed by one block of threads, so that tiles are made of whole ones. */
  readonly row: number;
}

/**
 * Tiles, each sample in one of them, of at most so many samples with those around them, which are whole slices; or of one
 * row, where that is more.
 */
export function planTiles({ count, slice, halo, row }: Cutting, most: number): readonly Tile[] {
  // Its ends may be amid slices.
  const own = most - (2 * halo + 2) * (slice < count ? slice : 0);
  const size = most >= count ? count : Math.max(1, Math.floor(own / row)) * row;
  const last = count / slice - 1;
  return Array.from({ length: Math.ceil(count / size) }, (_, at) => {
    const first = at * size;
    const end = Math.min(first + size, count);
    const low = Math.max(0, Math.floor(first / slice) - halo);
    const high = Math.min(last, Math.floor((end - 1) / slice) + halo);
    return { first, count: end - first, slices: { first: low, count: high - low + 1 } };
  });
}

/** Threads of a block, as in kernels/launch.h. */
export const THREADS = 256;

/** Rows of sums at most, which the host adds up. */
const MOST_ROWS = 1024;

/**
 * Samples of a row, whatever the device and its memory: the partition of the samples decides the last bits.
 *
 * @param stride - samples that belong together
 */
export const samplesPerRow = (count: number, stride: number): number =>
  stride * THREADS * Math.max(1, Math.ceil(count / stride / (THREADS * MOST_ROWS)));
