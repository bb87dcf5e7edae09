/** One axis cut into overlapping parts, in voxels of the network's input. */
export interface Part {
  readonly start: number;
  readonly size: number;
}

/** How an axis is cut. */
export interface Cut {
  readonly length: number;
  /** Longest part; 0 or more than the length: no cut. */
  readonly tile: number;
  /** Voxels at an inner edge whose features see beyond it. */
  readonly halo: number;
  /** Starts are multiples of it, so that features of all parts lie on one grid. */
  readonly stride: number;
}

/** The share of a part that overlaps the next, beyond what its halo needs, and that blending goes over. */
const BLEND = 4;

const roundedUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Parts that cover an axis, each overlapping the next by two halos and some more to blend over. */
export function cutAxis({ length, tile, halo, stride }: Cut): readonly Part[] {
  if (tile === 0 || tile >= length) return [{ start: 0, size: length }];
  const least = roundedUp(2 * halo, stride) + stride;
  const size = Math.max(roundedUp(tile, stride), least + stride);
  const overlap = Math.max(roundedUp(2 * halo, stride), roundedUp(size / BLEND, stride));
  const step = Math.max(stride, size - overlap);
  const parts: Part[] = [];
  for (let start = 0; ; start += step) {
    parts.push({ start, size: Math.min(size, length - start) });
    if (start + size >= length) return parts;
  }
}

/**
 * How much each feature of a part counts: nothing within the halo of an inner edge, then rising as a cosine
 * over what overlaps, and everything elsewhere. Sums over parts are divided by the sum of weights.
 *
 * @param features - number of features of the part along the axis
 */
export function partWeights(
  part: Part,
  { length, halo, stride, tile }: Cut,
  features: number,
): Float64Array {
  const blend = Math.max(stride, roundedUp(Math.max(tile, part.size) / BLEND, stride) - 2 * halo);
  const isFirst = part.start === 0;
  const isLast = part.start + part.size >= length;
  const rise = (distance: number): number => {
    const t = Math.min(1, Math.max(0, (distance - halo + 0.5) / blend));
    return (1 - Math.cos(Math.PI * t)) / 2;
  };
  return Float64Array.from({ length: features }, (_, i) => {
    const from = isFirst ? Number.POSITIVE_INFINITY : i * stride;
    const to = isLast ? Number.POSITIVE_INFINITY : part.size - 1 - i * stride;
    return rise(from) * rise(to);
  });
}
