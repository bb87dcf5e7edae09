import {
  type AffineMap,
  affineMap,
  allocatePixels,
  createGrid,
  createImage,
  type FieldMap,
  fieldMap,
  type Image,
  type IndexMap,
  type Metric,
  type Outside,
  type PixelType,
  pixelTypeFacts,
  pointsMap,
  sequenceMap,
} from '@voxhost/sdk';
import { linearMetric } from '../../support/operations.js';

/** The metrics that have a derivative. */
export const NAMES = [
  'mean-squares',
  'normalized-correlation',
  'mattes-mutual-information',
  'local-normalized-correlation',
  'dice',
] as const;

/** What the block of float32 states; float64 is far within it. */
export const NUMERICS = {
  class: 'tolerance',
  maxRel: 1e-5,
  deterministic: true,
  reference: 'reference@1',
} as const;

/** Waves and noise over a part of the type's range, so that no window of a volume is nearly constant. */
export function image(
  size: readonly number[],
  pixelType: PixelType,
  { seed = 0, channels = 1 }: { readonly seed?: number; readonly channels?: number } = {},
): Image {
  const voxels = size.reduce((n, s) => n * s, 1);
  const data = allocatePixels(pixelType, voxels * channels);
  const [min, max] = pixelTypeFacts(pixelType).range ?? [-90, 110];
  for (let i = 0; i < data.length; i++) {
    const noise = Math.sin(i * 12.9898 + seed) * 43758.5453;
    const wave = Math.sin(0.13 * i + seed) * Math.cos(0.41 * i);
    data[i] = min + (max - min) * (0.5 + 0.25 * wave + 0.2 * (noise - Math.floor(noise)));
  }
  return createImage(createGrid({ size }), data, channels);
}

export function holes(size: readonly number[], every: number): Image {
  const voxels = size.reduce((n, s) => n * s, 1);
  const data = Uint8Array.from({ length: voxels }, (_, i) => (i % every === 1 ? 0 : 1));
  return createImage(createGrid({ size }), data);
}

export const operationOf = (
  name: string,
  fixed: Image,
  moving: Image,
  over: Partial<Metric> = {},
): Metric =>
  linearMetric(
    name,
    { fixed, moving },
    {
      options: name === 'local-normalized-correlation' ? { radius: 2 } : {},
      derivative: name !== 'label-overlap',
      demand: { maps: ['affine'], samples: 'grid', perRun: fixed.data.length, runs: 10 },
      ...over,
    },
  );

/** A turn, a scaling and a shift; in general position. */
export function gentle(dims: number, by: number): AffineMap {
  return dims === 2
    ? affineMap([1 - by / 9, by / 7, 0.317, -by / 6, 1 - by / 11, 0.133])
    : affineMap([
        ...[1 - by / 9, by / 7, by / 31, 0.317],
        ...[-by / 6, 1 - by / 11, by / 23, 0.133],
        ...[by / 17, -by / 19, 1 - by / 13, 0.213],
      ]);
}

export const LATTICE = [7, 5, 6];

/** Offsets keep voxels off the lattice's ends, where a last digit decides. */
const ALONG = {
  2: [0.13, 0, 1.1017, 0, 0.31, 0.7013],
  3: [0.13, 0, 0, 1.1017, 0, 0.31, 0, 0.7013, 0, 0, 0.37, 1.3011],
} as const;

export function bent(
  dims: 2 | 3,
  order: 1 | 3,
  {
    outside = 'edge',
    lookup = ALONG[dims],
    seed = 1,
  }: {
    readonly outside?: Outside;
    readonly lookup?: readonly number[];
    readonly seed?: number;
  } = {},
): FieldMap {
  const size = LATTICE.slice(0, dims);
  const length = dims * size.reduce((n, s) => n * s, 1);
  const data = Float64Array.from({ length }, (_, i) => 1.3 * Math.sin(2.3 * i + seed));
  const { matrix } = gentle(dims, 0.2);
  return fieldMap({ matrix, lookup, lattice: { size, order, outside, data } });
}

/** A lookup that takes rows of voxels across rows of control points. */
const ACROSS = {
  2: [0.11, 0.04, 1.1017, -0.05, 0.3, 1.2013],
  3: [0.11, 0.04, -0.03, 1.1017, -0.02, 0.3, 0.05, 1.2013, 0.03, 0.02, 0.35, 1.3011],
} as const;

export const FORMS = ['affine', 'order 1', 'order 3', 'across', 'sequence', 'positions'] as const;

/** A map of one of the forms for so many samples. */
export function mapOf(
  form: (typeof FORMS)[number],
  dims: 2 | 3,
  { seed, count }: { readonly seed: number; readonly count: number },
): IndexMap {
  const outside = (['edge', 'zero', 'buffer'] as const)[seed % 3];
  switch (form) {
    case 'affine':
      return gentle(dims, 0.1 + (seed % 7) / 9);
    case 'order 1':
      return bent(dims, 1, { outside, seed });
    case 'order 3':
      return bent(dims, 3, { outside, seed });
    case 'across':
      return bent(dims, seed % 2 === 0 ? 1 : 3, { outside, lookup: ACROSS[dims], seed });
    case 'sequence':
      return sequenceMap([bent(dims, 1, { outside, seed }), bent(dims, 3)]);
    case 'positions':
      return pointsMap(scattered(dims, count, seed));
    default:
      return form satisfies never;
  }
}

export const scattered = (dims: number, count: number, seed: number): Float64Array =>
  Float64Array.from({ length: count * dims }, (_, i) => {
    const noise = Math.sin(i * 78.233 + seed) * 1e4;
    return (noise - Math.floor(noise)) * [75, 7, 6][i % dims] - 0.8;
  });
