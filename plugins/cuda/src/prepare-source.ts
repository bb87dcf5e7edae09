import {
  type Image,
  PIXEL_TYPES,
  pixelTypeFacts,
  type Resample,
  type SliceWindow,
  voxelCount,
} from '@voxhost/sdk';
import type { Held, Made, Region } from './device-memory.js';
import type { Engine } from './engine.js';
import { FOLD, LINES, OUTPUT, RULES, SOURCE } from './parameters.js';
import { asVolume, type Converted, convertedSource } from './resample-rules.js';
import { samplingRules } from './sampling-rules.js';

/** Samples on the device, as the kernels' Source. */
export interface ResidentSource {
  readonly parameters: Uint8Array;
}

/**
 * Brings a source, or what is computed of it once, to the device, where it stays under the image's identity. Throws
 * the driver's error where there is no room.
 */
export async function prepareSource(
  engine: Engine,
  operation: Resample,
): Promise<Held<ResidentSource>> {
  const converted = convertedSource(operation);
  if (converted === undefined) return holdPixels(engine, operation);
  const { fold, fill } = samplingRules(operation.interpolator, operation.boundary);
  const way = JSON.stringify([converted, fold, converted.margin > 0 ? `${fill}` : '']);
  return engine.memory.hold(operation.source, way, () => convert(engine, operation, converted));
}

/** The pixels themselves. */
const holdPixels = (engine: Engine, { source }: Resample): Promise<Held<ResidentSource>> =>
  engine.memory.hold(source, 'pixels', async () => {
    const region = engine.memory.take(source.data.byteLength);
    await orRelease(region, () =>
      engine.lanes.exclusive(() => engine.lanes.upload(region.address, source.data)),
    );
    const { pixelType, channels, grid } = source;
    return madeOf(
      region,
      { pixelType, size: asVolume(grid.size), margin: 0 },
      channels,
      grid.size.length,
    );
  });

/** Brings slices of a volume to the device, of every channel. For who has the lanes. */
export async function loadWindow(
  { memory, lanes }: Engine,
  image: Image,
  { first, count }: SliceWindow,
): Promise<Made<ResidentSource>> {
  const { grid, channels, pixelType, data } = image;
  const [x, y, z] = grid.size;
  const slice = x * y;
  const bytes = slice * data.BYTES_PER_ELEMENT;
  const region = memory.take(count * bytes * channels);
  return orRelease(region, async () => {
    for (let channel = 0; channel < channels; channel++) {
      const from = (channel * z + first) * slice;
      const to = region.address + BigInt(channel * count * bytes);
      await lanes.upload(to, data.subarray(from, from + count * slice));
    }
    // Kernels reach slices by their own numbers: from where slice 0 would lie.
    const address = region.address - BigInt(first * bytes);
    const layout = { pixelType, size: grid.size, margin: 0, address, channelStride: count * slice };
    return madeOf(region, layout, channels, grid.size.length);
  });
}

interface Layout {
  readonly pixelType: Resample['pixelType'];
  readonly size: readonly number[];
  readonly margin: number;
  /** Default: where the region begins. */
  readonly address?: bigint;
  /** Default: all of the size. */
  readonly channelStride?: number;
}

function madeOf(
  region: Region,
  { pixelType, size, margin, ...layout }: Layout,
  channels: number,
  dims: number,
): Made<ResidentSource> {
  const { address = region.address, channelStride = voxelCount(size) } = layout;
  const pixel = PIXEL_TYPES.indexOf(pixelType);
  const parameters = SOURCE.pack({ address, channelStride, size, margin, pixel, channels, dims });
  return {
    value: { parameters },
    bytes: region.bytes,
    [Symbol.dispose]: () => region[Symbol.dispose](),
  };
}

async function orRelease<T>(region: Region, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    region[Symbol.dispose]();
    throw error;
  }
}

/** Converts, pads and filters. B-splines are filtered in float64 and rounded once, where they stay as float32. */
async function convert(
  engine: Engine,
  operation: Resample,
  converted: Converted,
): Promise<Made<ResidentSource>> {
  const { source } = operation;
  const dims = source.grid.size.length;
  const values = voxelCount(converted.size) * source.channels;
  using pixels = await holdPixels(engine, operation);
  const region = engine.memory.take(values * pixelTypeFacts(converted.pixelType).bytes);
  return orRelease(region, () =>
    engine.lanes.exclusive(async () => {
      const job: Conversion = { engine, operation, converted };
      if (converted.order === undefined || converted.pixelType === 'float64') {
        extend(job, pixels.value.parameters, region.address, converted);
        filter(job, region.address);
        await engine.lanes.drained(engine.lanes.both[0]);
      } else {
        using work = engine.memory.take(values * 8);
        const wide = { ...converted, pixelType: 'float64' } as const;
        extend(job, pixels.value.parameters, work.address, wide);
        filter(job, work.address);
        const filtered = madeOf(work, { ...wide, margin: 0 }, source.channels, dims);
        extend(job, filtered.value.parameters, region.address, { ...converted, margin: 0 });
        await engine.lanes.drained(engine.lanes.both[0]);
      }
      return madeOf(region, converted, source.channels, dims);
    }),
  );
}

interface Conversion {
  readonly engine: Engine;
  readonly operation: Resample;
  readonly converted: Converted;
}

/** Copies a source to a layout, with its margin as the boundary says. */
function extend(
  { engine, operation }: Conversion,
  source: Uint8Array,
  address: bigint,
  { pixelType, size, margin }: Layout,
): void {
  const [x, y, z] = size;
  const dims = operation.source.grid.size.length;
  const rules = RULES.pack({
    ...samplingRules(operation.interpolator, operation.boundary),
    gradient: 0,
  });
  const output = OUTPUT.pack({
    address,
    start: [-margin, -margin, dims === 2 ? 0 : -margin],
    planeStride: x * y * z,
    size,
    pixel: PIXEL_TYPES.indexOf(pixelType),
  });
  const { stream } = engine.lanes.both[0];
  engine.launch('extend_samples', [source, rules, output], [x, y, z], stream);
}

/** Filters the lines of every axis, channel by channel; slices of all channels count together along x and y. */
function filter({ engine, operation, converted }: Conversion, address: bigint): void {
  const { order, size } = converted;
  if (order === undefined) return;
  const [x, y, z] = size;
  const { channels, grid } = operation.source;
  const slices = z * channels;
  const fold = filterFold(operation);
  const common = { address, order, fold };
  const axes = [
    { stride: 1, innerStride: x, outerStride: 0, length: x, inner: y * slices, outer: 1 },
    { stride: x, innerStride: 1, outerStride: x * y, length: y, inner: x, outer: slices },
    {
      stride: x * y,
      innerStride: 1,
      outerStride: x * y * z,
      length: z,
      inner: x * y,
      outer: channels,
    },
  ];
  const { stream } = engine.lanes.both[0];
  for (const axis of axes.slice(0, grid.size.length)) {
    const lines = LINES.pack({ ...common, ...axis });
    engine.launch('prefilter_lines', [lines], [axis.inner, axis.outer, 1], stream);
  }
}

/** How the filter extends its lines: what was padded by the edge, by half-sample reflection; by a value, mirrored. */
function filterFold({ interpolator, boundary }: Resample): number {
  if (boundary.kind === 'nearest') return FOLD.reflect;
  if (boundary.kind === 'grid-constant') return FOLD.mirror;
  return samplingRules(interpolator, boundary).fold;
}
