import { asVolume, type Image, pixelTypeFacts, type Resample } from '@voxhost/sdk';
import { bytesOfConversion, convertBox } from './convert-source.js';
import type { Held, Made } from './device-memory.js';
import type { Engine } from './engine.js';
import { loadPixels, type ResidentSource } from './load-pixels.js';
import { type Box, boxVolume, wholeBox } from './parts/box.js';
import { pixelBox } from './parts/converted-boxes.js';
import { convertedSource } from './resample-rules.js';
import { samplingRules } from './sampling-rules.js';

/**
 * Brings a source, or what is computed of it once, to the device, where it stays under the image's identity. Throws
 * the driver's error where there is no room.
 */
export async function prepareSource(
  engine: Engine,
  operation: Resample,
): Promise<Held<ResidentSource>> {
  const { source, interpolator, boundary } = operation;
  const converted = convertedSource(operation);
  if (converted === undefined) return holdPixels(engine, source);
  const { fold, fill } = samplingRules(interpolator, boundary);
  const way = JSON.stringify([converted, fold, converted.margin > 0 ? `${fill}` : '']);
  return engine.memory.hold(source, way, async () => {
    using pixels = await holdPixels(engine, source);
    const wanted = { converted, box: wholeBox(converted.size) };
    return await engine.lanes.exclusive(() => convertBox(engine, operation, wanted, pixels.value));
  });
}

/** The pixels themselves. */
const holdPixels = (engine: Engine, source: Image): Promise<Held<ResidentSource>> =>
  engine.memory.hold(source, 'pixels', () =>
    engine.lanes.exclusive(() => loadPixels(engine, source, wholeBox(asVolume(source.grid.size)))),
  );

/**
 * Brings a box of a source, counted with its margin, to the device, made of no more pixels than that takes. For who has
 * the lanes. Throws the driver's error.
 */
export async function loadSource(
  engine: Engine,
  operation: Resample,
  box: Box,
): Promise<Made<ResidentSource>> {
  const { source } = operation;
  const converted = convertedSource(operation);
  if (converted === undefined) return await loadPixels(engine, source, box);
  using pixels = await loadPixels(engine, source, pixelBox(operation, { converted, box }));
  return await convertBox(engine, operation, { converted, box }, pixels.value);
}

/** Bytes of the device that this takes at most. */
export function bytesOfSource(operation: Resample, box: Box): number {
  const { source } = operation;
  const converted = convertedSource(operation);
  const perChannel =
    converted === undefined
      ? boxVolume(box) * pixelTypeFacts(source.pixelType).bytes
      : bytesOfConversion(operation, { converted, box });
  return perChannel * source.channels;
}
