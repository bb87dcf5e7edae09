import {
  type Axis,
  allocatePixels,
  type BoundaryKind,
  type CapabilityBlock,
  createGrid,
  createImage,
  type Image,
  INTERPOLATORS,
  type Interpolator,
  type MapShape,
  type Metric,
  type MetricCapability,
  matchCapabilities,
  type Operation,
  PIXEL_TYPES,
  type PixelType,
  type Resample,
  type ResampleCapability,
  splineOrder,
  toPixelValue,
  voxelCount,
} from '@voxhost/sdk';

/** The first of a block's axis, or what most people would ask where it has all. */
const first = <T>(axis: Axis<T>, usual: T): T =>
  axis === '*' || axis.includes(usual) ? usual : (axis[0] ?? usual);

/**
 * Calls that stand for a capability block in a calibration: cubes of the given sizes, with what most people would ask of
 * the block and none of the blocks before it serves; narrow and wide pixels where it has both, so that a byte's cost shows.
 */
export function sampleOperations(
  block: CapabilityBlock,
  sizes: readonly number[],
  before: readonly CapabilityBlock[] = [],
): readonly Operation[] {
  if (block.op === 'metric') return sizes.map((n) => metric(block, n));
  const styles = stylesOf(block, before);
  return sizes.flatMap((n) => styles.map((style) => resample(block, n, style)));
}

interface Style {
  readonly interpolator: Interpolator;
  readonly from: PixelType;
  readonly to: PixelType;
}

/** The usual first: which of them is the block's own is tried in this order. */
const USUAL_INTERPOLATORS: readonly Interpolator[] = ['linear', 'bspline3', ...INTERPOLATORS];
const USUAL_TYPES: readonly PixelType[] = ['float32', 'float64', ...PIXEL_TYPES];
/** The narrowest pixels. */
const NARROW = 'uint8';

function stylesOf(block: ResampleCapability, before: readonly CapabilityBlock[]): readonly Style[] {
  const all = USUAL_INTERPOLATORS.flatMap((interpolator) =>
    USUAL_TYPES.flatMap((from) =>
      [from, ...USUAL_TYPES].map((to): Style => ({ interpolator, from, to })),
    ),
  );
  const fits = (style: Style): boolean => matchCapabilities([block], resample(block, 1, style)).ok;
  const isOwn = (style: Style): boolean =>
    fits(style) && !matchCapabilities(before, resample(block, 1, style)).ok;
  const usual = all.find(isOwn) ?? all.find(fits);
  if (usual === undefined) return [];
  const narrow = {
    ...usual,
    from: NARROW,
    to: usual.to === usual.from ? NARROW : usual.to,
  } as const;
  return usual.from !== NARROW && isOwn(narrow) ? [usual, narrow] : [usual];
}

function resample(
  block: ResampleCapability,
  n: number,
  { interpolator, from, to }: Style,
): Resample {
  const source = cube(block.dims, n, from);
  const kind = first(block.boundaries, usualBoundary(interpolator));
  return {
    kind: 'resample',
    source,
    interpolator,
    boundary:
      kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
        ? { kind, value: 0 }
        : { kind },
    pixelType: to,
    gradient: false,
    demand: {
      maps: [usualMap(block.maps)],
      samples: 'grid',
      perRun: voxelCount(source.grid.size),
      runs: 1,
    },
  };
}

function metric(block: MetricCapability, n: number): Metric {
  const fixed = cube(block.dims, n, first(block.pixelTypes, 'float32'));
  // Between two labels lies neither of them, but as many others as there are distances: nobody asks that.
  const interpolator = block.name === 'label-overlap' ? 'nearest' : 'linear';
  return {
    kind: 'metric',
    name: block.name,
    options: {},
    fixed,
    moving: createImage(fixed.grid, fixed.data.slice()),
    fixedInterpolator: interpolator,
    movingInterpolator: interpolator,
    derivative: block.derivative,
    demand: {
      maps: [usualMap(block.maps)],
      samples: first(block.samples, 'grid'),
      perRun: voxelCount(fixed.grid.size),
      runs: 1,
    },
  };
}

/** Where B-splines meet an edge that no filter extends they are padded, by a margin that no cost per voxel describes. */
const usualBoundary = (interpolator: Interpolator): BoundaryKind =>
  splineOrder(interpolator) === undefined ? 'nearest' : 'mirror';

const usualMap = (maps: Axis<MapShape>): MapShape => first(maps, 'affine');

/** Smooth waves in steps of ten, so that no value is special and a metric of labels finds a dozen: the largest dimension of the block, n voxels along each axis. */
function cube(dims: readonly number[], n: number, pixelType: PixelType): Image {
  const grid = createGrid({ size: Array<number>(Math.max(...dims)).fill(n) });
  const values = Float64Array.from(
    { length: voxelCount(grid.size) },
    (_, i) => 10 * Math.round(10 + 5 * Math.sin(i / 7) + 4 * Math.cos(i / (3 * n))),
  );
  const data = allocatePixels(pixelType, values.length);
  data.set(values.map((value) => toPixelValue(value, pixelType)));
  return createImage(grid, data);
}
