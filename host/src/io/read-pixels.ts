import { allocatePixels, type Pixels, type PixelType, pixelTypeFacts } from '@voxhost/sdk';
import { FaultError, faultIn } from './bad-file.js';
import { type ByteSource, readFully } from './byte-source.js';
import { placePixels } from './place-pixels.js';
import { HOST_IS_LITTLE_ENDIAN, naturalPixelType, storedBytes, swapBytes } from './stored-type.js';
import { storedCount, type VolumeHeader } from './volume-header.js';

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

/** Bytes per step of a reading: between two steps an abort is seen and progress told. */
const STEP = 4 << 20;

/** Reads all pixels of a header from `source`, which stands at their first byte. */
export async function readPixels(
  source: ByteSource,
  header: VolumeHeader,
  options: ReadOptions,
): Promise<Pixels> {
  const pixelType = options.pixelType ?? naturalPixelType(header.stored, header.scale);
  const out = allocate(pixelType, storedCount(header));
  if (isAsInMemory(header, pixelType)) await fillDirectly(source, header, out, options);
  else await fillByStages(source, header, { out, pixelType }, options);
  return out;
}

function allocate(pixelType: PixelType, count: number): Pixels {
  try {
    return allocatePixels(pixelType, count);
  } catch (error) {
    const bytes = count * pixelTypeFacts(pixelType).bytes;
    const reason = `needs ${bytes} bytes at once, more than one array holds`;
    const remedy = 'crop it on a larger machine';
    throw new FaultError({ field: 'size', reason, remedy }, { cause: error });
  }
}

const isAsInMemory = (header: VolumeHeader, pixelType: PixelType): boolean =>
  header.stored === pixelType &&
  header.scale === undefined &&
  (!header.interleaved || header.components === 1);

async function fillDirectly(
  source: ByteSource,
  header: VolumeHeader,
  out: Pixels,
  options: ReadOptions,
): Promise<void> {
  const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  for (let at = 0; at < bytes.length; at += STEP) {
    const step = bytes.subarray(at, at + STEP);
    await fill(source, step, at, bytes.length);
    toHostOrder(step, header);
    report(options, (at + step.length) / bytes.length);
  }
}

async function fillByStages(
  source: ByteSource,
  header: VolumeHeader,
  target: { readonly out: Pixels; readonly pixelType: PixelType },
  options: ReadOptions,
): Promise<void> {
  const width = storedBytes(header.stored);
  const together = header.interleaved ? header.components : 1;
  const voxels = header.grid.size.reduce((product, n) => product * n, 1);
  const placement = { ...target, scale: header.scale, together, voxels };
  const perStep = Math.max(1, Math.floor(STEP / (8 * together))) * together;
  const total = target.out.length;
  const stage = new Uint8Array(Math.min(perStep, total) * width);
  let exact = true;
  for (let start = 0; start < total; start += perStep) {
    const step = stage.subarray(0, Math.min(perStep, total - start) * width);
    await fill(source, step, start * width, total * width);
    toHostOrder(step, header);
    exact = placePixels(step, header.stored, start, placement) && exact;
    report(options, Math.min(1, (start + perStep) / total));
  }
  if (!exact) warn(options, 'has whole numbers above 2^53, which float64 rounds');
}

async function fill(source: ByteSource, step: Uint8Array, at: number, total: number) {
  const length = await readFully(source, step);
  if (length === step.length) return;
  const reason = `end after ${at + length} bytes where the header promises ${total}`;
  throw faultIn('pixels', reason, 'copy the file again from its origin');
}

function toHostOrder(bytes: Uint8Array, header: VolumeHeader): void {
  if (header.littleEndian !== HOST_IS_LITTLE_ENDIAN) swapBytes(bytes, storedBytes(header.stored));
}

function report({ signal, progress }: ReadOptions, fraction: number): void {
  signal?.throwIfAborted();
  progress?.(fraction);
}

function warn(options: ReadOptions, text: string): void {
  if (options.warn !== undefined) options.warn(text);
  else process.emitWarning(text, 'VoxhostWarning');
}
