import { type Image, type Metric, PIXEL_TYPES, pixelTypeFacts } from '@voxhost/sdk';
import type { Made } from '../../device-memory.js';
import type { Engine } from '../../engine.js';
import { createHolder, type Holder } from '../../holder.js';
import { loadPixels, orRelease, type ResidentSource, sourceOf } from '../../load-pixels.js';
import { OUTPUT, SOURCE } from '../../parameters.js';
import { type Box, boxVolume, countsOf, isWhole, placeBox, wholeBox } from '../../parts/box.js';

/** Boxes of the two grids that are compared. */
export interface PairBoxes {
  readonly fixed: Box;
  readonly moving: Box;
}

export const wholeBoxes = ({ fixed, moving }: Metric): PairBoxes => ({
  fixed: wholeBox(fixed.grid.size),
  moving: wholeBox(moving.grid.size),
});

/** What is compared, and how the fixed image is: as its values, or as its rows of a histogram. */
export interface PairSubject {
  readonly operation: Metric;
  /** The kernels' Bins of the fixed image. */
  readonly bins?: Uint8Array;
}

/**
 * A side as the kernels compare it: its float32 samples, no number where a mask is 0; with bins the rows of a histogram
 * that they belong to.
 */
interface Side {
  readonly image: Image;
  readonly mask: Image | undefined;
  readonly bins: Uint8Array | undefined;
  readonly box: Box;
}

const isPlain = ({ image, mask, bins }: Side): boolean =>
  image.pixelType === 'float32' && mask === undefined && bins === undefined;

function sidesOf({ operation, bins }: PairSubject, boxes: PairBoxes): readonly Side[] {
  const { fixed, moving, fixedMask } = operation;
  return [
    { image: fixed, mask: fixedMask, bins, box: boxes.fixed },
    { image: moving, mask: undefined, bins: undefined, box: boxes.moving },
  ];
}

/** Brings both sides to the device, until `held` is disposed; the kernels' Pair. Throws the driver's error. */
export async function loadPair(
  engine: Engine,
  subject: PairSubject,
  boxes: PairBoxes,
  held: Holder,
): Promise<Uint8Array> {
  const sources: ResidentSource[] = [];
  for (const side of sidesOf(subject, boxes)) {
    if (isPlain(side)) sources.push(await pixelsOf(engine, side.image, side.box, held));
    else sources.push(held.add(await countedSide(engine, side)).value);
  }
  const { movingMask } = subject.operation;
  if (movingMask) sources.push(await pixelsOf(engine, movingMask, boxes.moving, held));
  const packed = sources.map(({ parameters }) => parameters);
  return concatenate(movingMask ? packed : [...packed, NO_SOURCE]);
}

const NO_SOURCE = new Uint8Array(SOURCE.bytes);

function concatenate(structs: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(structs.length * SOURCE.bytes);
  for (const [n, struct] of structs.entries()) all.set(struct, n * SOURCE.bytes);
  return all;
}

/** Of a whole image those that stay under its identity. */
async function pixelsOf(
  engine: Engine,
  image: Image,
  box: Box,
  held: Holder,
): Promise<ResidentSource> {
  const load = () => engine.lanes.exclusive(() => loadPixels(engine, image, box));
  if (!isWhole(box, image.grid.size)) return held.add(await load()).value;
  return held.add(await engine.memory.hold(image, 'pixels', load)).value;
}

async function countedSide(engine: Engine, side: Side): Promise<Made<ResidentSource>> {
  const { image, mask, bins, box } = side;
  const pixelType = bins === undefined ? 'float32' : 'uint8';
  const region = engine.memory.take(pixelTypeFacts(pixelType).bytes * boxVolume(box));
  return await orRelease(region, async () => {
    using held = createHolder();
    const from = await pixelsOf(engine, image, box, held);
    const through = mask && (await pixelsOf(engine, mask, box, held));
    const size = countsOf(box);
    const { rowStride, sliceStride } = placeBox(box, 0);
    const output = OUTPUT.pack({
      address: region.address,
      start: box.map(({ first }) => first),
      ...{ planeStride: 0, rowStride, sliceStride, size },
      pixel: PIXEL_TYPES.indexOf(pixelType),
    });
    const [x, y, z] = size;
    const sources = [from.parameters, through?.parameters ?? NO_SOURCE];
    const structs = bins === undefined ? [...sources, output] : [...sources, bins, output];
    const kernel = bins === undefined ? 'pair_fixed' : 'pair_bins';
    const [lane] = engine.lanes.both;
    await engine.lanes.exclusive(async () => {
      engine.launch(kernel, structs, [x, y, z], lane.stream);
      await engine.lanes.drained(lane);
    });
    return sourceOf(region, image, { pixelType, size: image.grid.size, margin: 0, box });
  });
}

/** Bytes of the device that this takes at most. */
export function bytesOfPair(subject: PairSubject, boxes: PairBoxes): number {
  const { movingMask } = subject.operation;
  const sides = sidesOf(subject, boxes).map((side) => {
    const { image, mask, box } = side;
    const perVoxel = bytesOf(image) + (isPlain(side) ? 0 : 4) + (mask ? bytesOf(mask) : 0);
    return perVoxel * boxVolume(box);
  });
  const ofMask = movingMask ? bytesOf(movingMask) * boxVolume(boxes.moving) : 0;
  return sides.reduce((sum, bytes) => sum + bytes, ofMask);
}

const bytesOf = ({ pixelType }: Image): number => pixelTypeFacts(pixelType).bytes;
