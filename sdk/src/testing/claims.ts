import { BOUNDARY_KINDS, type Boundary, type BoundaryKind } from '../boundary.js';
import type {
  Axis,
  CapabilityBlock,
  MetricCapability,
  ResampleCapability,
} from '../capabilities.js';
import type { Image } from '../image.js';
import { MAP_SHAPES, type MapShape } from '../index-map.js';
import { INTERPOLATORS, type Interpolator } from '../interpolator.js';
import type { Json } from '../json.js';
import type { Resample } from '../operation.js';
import { PIXEL_TYPES, type PixelType } from '../pixel-type.js';
import { METRIC_NAMES } from '../reference/metric/create-measure.js';

/** The values of an axis, `*` spelled out. */
const spelled = <T>(axis: Axis<T>, all: readonly T[]): readonly T[] => (axis === '*' ? all : axis);

/** What a block claims, every axis spelled out. */
export interface Claims {
  readonly block: ResampleCapability;
  readonly dims: readonly number[];
  readonly pixelTypes: readonly PixelType[];
  readonly interpolators: readonly Interpolator[];
  readonly boundaries: readonly BoundaryKind[];
  readonly maps: readonly MapShape[];
  readonly samples: readonly ('grid' | 'points')[];
}

export function claimsOf(block: ResampleCapability): Claims {
  return {
    block,
    dims: block.dims,
    pixelTypes: spelled(block.pixelTypes, PIXEL_TYPES),
    interpolators: spelled(block.interpolators, INTERPOLATORS),
    boundaries: spelled(block.boundaries, BOUNDARY_KINDS),
    maps: spelled(block.maps, MAP_SHAPES),
    samples: spelled(block.samples, ['grid', 'points']),
  };
}

export const resampleBlocks = (
  capabilities: readonly CapabilityBlock[],
): readonly ResampleCapability[] =>
  capabilities.filter((block): block is ResampleCapability => block.op === 'resample');

/** What a metric's block claims, every axis spelled out. */
export interface MetricClaims {
  readonly block: MetricCapability;
  readonly dims: readonly number[];
  readonly pixelTypes: readonly PixelType[];
  readonly maps: readonly MapShape[];
  readonly samples: readonly ('grid' | 'points')[];
  /** Options that the metric cannot do without. */
  readonly options?: Json;
}

export const metricClaimsOf = (block: MetricCapability, options?: Json): MetricClaims => ({
  block,
  ...(options !== undefined && { options }),
  dims: block.dims,
  pixelTypes: spelled(block.pixelTypes, PIXEL_TYPES),
  maps: spelled(block.maps, MAP_SHAPES),
  samples: spelled(block.samples, ['grid', 'points']),
});

/** What the blocks claim of metrics of their own, which only the caller can say the options of. */
export const ownMetricClaims = (
  capabilities: readonly CapabilityBlock[],
  options: Readonly<Record<string, Json>>,
): readonly MetricClaims[] =>
  capabilities.flatMap((block) =>
    block.op === 'metric' &&
    !METRIC_NAMES.includes(block.name) &&
    Object.hasOwn(options, block.name)
      ? [metricClaimsOf(block, options[block.name])]
      : [],
  );

/** The metrics that the reference has too; others it cannot judge. */
export const metricBlocks = (
  capabilities: readonly CapabilityBlock[],
): readonly MetricCapability[] =>
  capabilities.filter(
    (block): block is MetricCapability =>
      block.op === 'metric' && METRIC_NAMES.includes(block.name),
  );

/** Output types of a source type: its own where the block says `same`, and those it names. */
export function outputTypes({ block }: Claims, source: PixelType): readonly PixelType[] {
  if (block.output === '*') return PIXEL_TYPES;
  return PIXEL_TYPES.filter(
    (type) => block.output.includes(type === source ? 'same' : type) || block.output.includes(type),
  );
}

/** A fill value that no test image has. */
const FILL = 17;

export const boundaryOf = (kind: BoundaryKind, value: number = FILL): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer' ? { kind, value } : { kind };

/** The wanted value if it is claimed, else the first that is. */
export const prefer = <T>(claimed: readonly T[], ...wanted: readonly T[]): T =>
  wanted.find((value) => claimed.includes(value)) ?? claimed[0];

/** An everyday operation of a block: linear, nearest boundary, float32 in and out where they are claimed. */
export function everyday(claims: Claims, source: Image, over: Partial<Resample> = {}): Resample {
  return {
    kind: 'resample',
    source,
    interpolator: prefer(claims.interpolators, 'linear', 'nearest'),
    boundary: boundaryOf(prefer(claims.boundaries, 'nearest', 'mirror', 'constant')),
    pixelType: prefer(outputTypes(claims, source.pixelType), source.pixelType),
    gradient: false,
    demand: {
      maps: [everydayMap(claims)],
      samples: prefer(claims.samples, 'grid'),
      perRun: 1000,
      runs: 1,
    },
    ...over,
  };
}

export const everydayMap = ({ maps }: Claims): MapShape => prefer(maps, 'affine');

/**
 * The turn of one of `rounds` rounds: at least one of all, and each in some round. Keeps a product of axes that do
 * not depend on each other small.
 */
export const turnOf = <T>(all: readonly T[], round: number, rounds: number): readonly T[] =>
  all.filter((_, i) => i % rounds === round || i === round % all.length);
