import { setImmediate } from 'node:timers/promises';
import { allocatePixels, type Pixels, type PixelType, pixelTypeFacts } from '@voxhost/sdk';
import { FaultError, faultIn } from './bad-file.js';
import { type ByteSource, readFully } from './byte-source.js';
import { placePixels, viewOf } from './place-pixels.js';
import { HOST_IS_LITTLE_ENDIAN, naturalPixelType, storedBytes, swapBytes } from './stored-type.js';
import { STEP, takeBytes } from './take-bytes.js';
import { storedCount, storedLength, type VolumeHeader } from './volume-header.js';

/** What every reading takes. */
export interface ReadOptions {
  /** Type in memory; absent: as stored, 64-bit integers as float64, scaled values as float32 or float64. */
  readonly pixelType?: PixelType;
  /** An aborted reading rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with 0 to 1. */
  readonly progress?: (fraction: number) => void;
  /** Told what a user should know of a file that can be read; absent: `process.emitWarning`. */
  readonly warn?: (text: string) => void;
  /** Most bytes that the pixels may take in memory; absent: what this machine has. */
  readonly maxBytes?: number;
}

/** Reads all pixels of a header from `source`, which stands at their first byte. */
export async function readPixels(
  source: ByteSource,
  header: VolumeHeader,
  options: ReadOptions,
): Promise<Pixels> {
  const pixelType = options.pixelType ?? naturalPixelType(header.stored, header.scale);
  const target = { pixelType, width: pixelTypeFacts(pixelType).bytes, count: storedCount(header) };
  if (roomOf(header, options) !== undefined) return readInPlace(source, header, target, options);
  return readByStages(source, header, target, options);
}

/**
 * Bytes of one buffer in which the pixels can be read and converted, without a second one: where the numbers do not
 * change places and become no narrower. Undefined where they do, and are converted piece by piece.
 */
export function roomOf(
  header: VolumeHeader,
  options: Pick<ReadOptions, 'pixelType'>,
): number | undefined {
  const pixelType = options.pixelType ?? naturalPixelType(header.stored, header.scale);
  const width = pixelTypeFacts(pixelType).bytes;
  const stay = !header.interleaved || header.components === 1;
  return stay && width >= storedBytes(header.stored) ? storedCount(header) * width : undefined;
}

interface Target {
  readonly pixelType: PixelType;
  /** Bytes per number in memory. */
  readonly width: number;
  readonly count: number;
}

function allocate({ pixelType, width, count }: Target): Pixels {
  try {
    return allocatePixels(pixelType, count);
  } catch (error) {
    const reason = `needs ${count * width} bytes at once, more than one array holds`;
    const remedy = 'crop it on a larger machine';
    throw new FaultError({ field: 'size', reason, remedy }, { cause: error });
  }
}

/** Numbers per step of a conversion, which stay in a processor's cache. */
const STEP_COUNT = 1 << 16;

async function readInPlace(
  source: ByteSource,
  header: VolumeHeader,
  target: Target,
  options: ReadOptions,
): Promise<Pixels> {
  const length = storedLength(header);
  const plain = header.stored === target.pixelType && header.scale === undefined;
  const share = plain ? 1 : 0.5; // of the progress; the other half is the conversion
  const { buffer, filled } = await takeBytes(source, {
    length,
    capacity: target.count * target.width,
    allocate: () => allocate(target).buffer as ArrayBuffer,
    onStep: (bytes) => report(options, (bytes / length) * share),
  });
  if (filled < length) throw tooShort(filled, length);
  if (plain) await orderBytes(buffer, header, options);
  else await widen(buffer, header, target, options);
  return viewOf({ buffer, byteOffset: 0, length: target.count * target.width }, target.pixelType);
}

/** Pixels that are in memory as in the file, but for the order of their bytes. */
async function orderBytes(
  buffer: ArrayBuffer,
  header: VolumeHeader,
  options: ReadOptions,
): Promise<void> {
  if (header.littleEndian === HOST_IS_LITTLE_ENDIAN) return;
  const length = storedLength(header);
  for (let at = 0; at < length; at += STEP) {
    toHostOrder(new Uint8Array(buffer, at, Math.min(STEP, length - at)), header);
    await setImmediate();
    options.signal?.throwIfAborted();
  }
}

/** Converts from the last number to the first: what is written lies behind what is still to be read. */
async function widen(
  buffer: ArrayBuffer,
  header: VolumeHeader,
  { pixelType, width, count }: Target,
  options: ReadOptions,
): Promise<void> {
  const { stored, scale } = header;
  const stage = new Uint8Array(STEP_COUNT * storedBytes(stored));
  const scratch = new Float64Array(STEP_COUNT);
  let exact = true;
  for (let end = count; end > 0; end -= STEP_COUNT) {
    const start = Math.max(0, end - STEP_COUNT);
    const step = stage.subarray(0, (end - start) * storedBytes(stored));
    step.set(new Uint8Array(buffer, start * storedBytes(stored), step.length));
    toHostOrder(step, header);
    const length = (end - start) * width;
    const out = viewOf({ buffer, byteOffset: start * width, length }, pixelType);
    const placement = { out, pixelType, scale, together: 1, voxels: count, scratch };
    exact = placePixels(step, stored, 0, placement) && exact;
    await setImmediate();
    report(options, 1 - start / count / 2);
  }
  warnUnlessExact(exact, options);
}

async function readByStages(
  source: ByteSource,
  header: VolumeHeader,
  target: Target,
  options: ReadOptions,
): Promise<Pixels> {
  const out = allocate(target);
  const width = storedBytes(header.stored);
  const together = header.interleaved ? header.components : 1;
  const voxels = header.grid.size.reduce((product, n) => product * n, 1);
  const perStep = Math.max(1, Math.floor(STEP_COUNT / together)) * together;
  const stage = new Uint8Array(Math.min(perStep, target.count) * width);
  const scratch = new Float64Array(stage.length / width);
  const { pixelType, count } = target;
  const placement = { out, pixelType, scale: header.scale, together, voxels, scratch };
  let exact = true;
  for (let start = 0; start < count; start += perStep) {
    const step = stage.subarray(0, Math.min(perStep, count - start) * width);
    const length = await readFully(source, step);
    if (length < step.length) throw tooShort(start * width + length, count * width);
    toHostOrder(step, header);
    exact = placePixels(step, header.stored, start, placement) && exact;
    report(options, Math.min(1, (start + perStep) / count));
  }
  warnUnlessExact(exact, options);
  return out;
}

function tooShort(length: number, promised: number): FaultError {
  const reason = `end after ${length} bytes where the header promises ${promised}`;
  return faultIn('pixels', reason, 'copy the file again from its origin');
}

function toHostOrder(bytes: Uint8Array, header: VolumeHeader): void {
  if (header.littleEndian !== HOST_IS_LITTLE_ENDIAN) swapBytes(bytes, storedBytes(header.stored));
}

function report({ signal, progress }: ReadOptions, fraction: number): void {
  signal?.throwIfAborted();
  progress?.(fraction);
}

function warnUnlessExact(exact: boolean, options: ReadOptions): void {
  if (exact) return;
  const text = 'has whole numbers above 2^53, which float64 rounds';
  if (options.warn !== undefined) options.warn(text);
  else process.emitWarning(text, 'VoxhostWarning');
}
