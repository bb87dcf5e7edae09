import { PIXEL_TYPES, pixelTypeFacts, type Resample } from '@voxhost/sdk';
import type { Made, Region } from './device-memory.js';
import type { Engine } from './engine.js';
import { orRelease, type ResidentSource, sourceOf } from './load-pixels.js';
import { LINES, OUTPUT, RULES } from './parameters.js';
import { type Box, boxVolume, countsOf, placeBox } from './parts/box.js';
import {
  type ConvertedBox,
  type FilterBox,
  filterBox,
  marginOn,
  pixelBox,
} from './parts/converted-boxes.js';
import { samplingRules } from './sampling-rules.js';

/**
 * Converts, pads and filters a box of a source. B-splines are filtered in float64 and rounded once, where they stay as
 * float32. For who has the lanes. Throws the driver's error.
 *
 * @param pixels - what the box is made of, or more
 */
export async function convertBox(
  engine: Engine,
  operation: Resample,
  wanted: ConvertedBox,
  pixels: ResidentSource,
): Promise<Made<ResidentSource>> {
  const { converted, box } = wanted;
  const { source } = operation;
  const { pixelType, size, margin, order } = converted;
  const copy: Copy = { engine, operation, from: pixels, margin };
  const region = engine.memory.take(bytesOf(box, pixelType) * source.channels);
  return await orRelease(region, async () => {
    const layout = { pixelType, size, margin, box };
    if (order === undefined) {
      extend(copy, region, box, pixelType);
      await engine.lanes.drained(engine.lanes.both[0]);
      return sourceOf(region, source, layout);
    }
    const filtered = filterBox(operation, wanted);
    using work = engine.memory.take(bytesOf(filtered.box, 'float64') * source.channels);
    extend(copy, work, filtered.box, 'float64');
    filter(copy, work, filtered, order);
    const wide = { pixelType: 'float64', size, margin: 0, box: filtered.box } as const;
    const from = sourceOf(work, source, wide).value;
    extend({ engine, operation, from, margin: 0 }, region, box, pixelType);
    await engine.lanes.drained(engine.lanes.both[0]);
    return sourceOf(region, source, layout);
  });
}

type Real = 'float32' | 'float64';

const bytesOf = (box: Box, pixelType: Real): number =>
  boxVolume(box) * pixelTypeFacts(pixelType).bytes;

/** Bytes of a channel of a box, of what it is made of, and of what that is filtered in. */
export function bytesOfConversion(operation: Resample, wanted: ConvertedBox): number {
  const { converted, box } = wanted;
  const pixels = boxVolume(pixelBox(operation, wanted));
  const work =
    converted.order === undefined ? 0 : bytesOf(filterBox(operation, wanted).box, 'float64');
  return (
    pixels * pixelTypeFacts(operation.source.pixelType).bytes +
    bytesOf(box, converted.pixelType) +
    work
  );
}

interface Copy {
  readonly engine: Engine;
  readonly operation: Resample;
  readonly from: ResidentSource;
  readonly margin: number;
}

/** Copies a source to a box, with its margin as the boundary says. */
function extend(
  { engine, operation, from, margin }: Copy,
  { address }: Region,
  box: Box,
  pixelType: Real,
): void {
  const size = countsOf(box);
  const { rowStride, sliceStride } = placeBox(box, 0);
  const rules = RULES.pack({
    ...samplingRules(operation.interpolator, operation.boundary),
    gradient: 0,
  });
  const output = OUTPUT.pack({
    address,
    start: box.map(({ first }, axis) => first - marginOn(axis, operation, margin)),
    planeStride: boxVolume(box),
    rowStride,
    sliceStride,
    size,
    pixel: PIXEL_TYPES.indexOf(pixelType),
  });
  const [x, y, z] = size;
  const { stream } = engine.lanes.both[0];
  engine.launch('extend_samples', [from.parameters, rules, output], [x, y, z], stream);
}

/** Filters the lines of every axis, channel by channel; slices of all channels count together along x and y. */
function filter(
  { engine, operation }: Copy,
  { address }: Region,
  { box, folds }: FilterBox,
  order: number,
): void {
  const [x, y, z] = countsOf(box);
  const { channels, grid } = operation.source;
  const slices = z * channels;
  const slice = x * y;
  const axes = [
    { stride: 1, innerStride: x, outerStride: 0, length: x, inner: y * slices, outer: 1 },
    { stride: x, innerStride: 1, outerStride: slice, length: y, inner: x, outer: slices },
    {
      stride: slice,
      innerStride: 1,
      outerStride: slice * z,
      length: z,
      inner: slice,
      outer: channels,
    },
  ];
  const { stream } = engine.lanes.both[0];
  for (const [axis, lines] of axes.slice(0, grid.size.length).entries()) {
    const kernel = axis === 0 ? 'prefilter_neighbours' : 'prefilter_lines';
    const parameters = LINES.pack({ address, order, fold: folds[axis], ...lines });
    engine.launch(kernel, [parameters], [lines.inner, lines.outer, 1], stream);
  }
}
