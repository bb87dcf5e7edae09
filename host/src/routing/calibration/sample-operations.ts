import {
  type Axis,
  allocatePixels,
  type CapabilityBlock,
  createGrid,
  createImage,
  type Image,
  type MapShape,
  type Metric,
  type MetricCapability,
  type Operation,
  type PixelType,
  type Resample,
  type ResampleCapability,
  toPixelValue,
  voxelCount,
} from '@voxhost/sdk';

/** The first of a block's axis, or what most people would ask where it has all. */
const first = <T>(axis: Axis<T>, usual: T): T =>
  axis === '*' || axis.includes(usual) ? usual : (axis[0] ?? usual);

/**
 * Calls that stand for a capability block in a calibration: cubes of the given sizes, with the block's usual
 * interpolator, boundary and pixel types; narrow and wide pixels where it has both, so that a byte's cost shows.
 */
export function sampleOperations(
  block: CapabilityBlock,
  sizes: readonly number[],
): readonly Operation[] {
  return sizes.flatMap<Operation>((n) =>
    block.op === 'resample' ? resamples(block, n) : [metric(block, n)],
  );
}

function resamples(block: ResampleCapability, n: number): readonly Resample[] {
  const usual = first(block.pixelTypes, 'float32');
  const narrow = first(block.pixelTypes, 'uint8');
  const types = usual === narrow ? [usual] : [usual, narrow];
  return types.map((pixelType) => resample(block, cube(block.dims, n, pixelType)));
}

function resample(block: ResampleCapability, source: Image): Resample {
  const output = first<PixelType | 'same'>(block.output, 'same');
  const kind = first(block.boundaries, 'nearest');
  return {
    kind: 'resample',
    source,
    interpolator: first(block.interpolators, 'linear'),
    boundary:
      kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
        ? { kind, value: 0 }
        : { kind },
    pixelType: output === 'same' ? source.pixelType : output,
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
  return {
    kind: 'metric',
    name: block.name,
    options: {},
    fixed,
    moving: createImage(fixed.grid, fixed.data.slice()),
    fixedInterpolator: 'linear',
    movingInterpolator: 'linear',
    derivative: block.derivative,
    demand: {
      maps: [usualMap(block.maps)],
      samples: first(block.samples, 'grid'),
      perRun: voxelCount(fixed.grid.size),
      runs: 1,
    },
  };
}

const usualMap = (maps: Axis<MapShape>): MapShape => first(maps, 'affine');

/** Smooth waves, so that no value is special: the largest dimension of the block, n voxels along each axis. */
function cube(dims: readonly number[], n: number, pixelType: PixelType): Image {
  const grid = createGrid({ size: Array<number>(Math.max(...dims)).fill(n) });
  const values = Float64Array.from(
    { length: voxelCount(grid.size) },
    (_, i) => 100 + 50 * Math.sin(i / 7) + 40 * Math.cos(i / (3 * n)),
  );
  const data = allocatePixels(pixelType, values.length);
  data.set(values.map((value) => toPixelValue(value, pixelType)));
  return createImage(grid, data);
}
