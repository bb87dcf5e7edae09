import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflate, createGzip } from 'node:zlib';
import { allocatePixels, type Image, pixelTypeFacts, voxelCount } from '@voxhost/sdk';
import { HOST_IS_LITTLE_ENDIAN, swapBytes } from './stored-type.js';

/** Bytes per step of a writing: between two steps an abort is seen and progress told. */
const STEP = 4 << 20;

/** What watches a writing. */
export interface Watch {
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number) => void;
}

/** The pixels as little-endian bytes, planar or interleaved, in steps. A step is valid until the next. */
export async function* pixelBytes(
  image: Image,
  interleaved: boolean,
  { signal, progress }: Watch,
): AsyncGenerator<Uint8Array> {
  const plain = HOST_IS_LITTLE_ENDIAN && (!interleaved || image.channels === 1);
  const steps = plain ? planarSteps(image) : gatheredSteps(image, interleaved);
  let written = 0;
  for (const step of steps) {
    signal?.throwIfAborted();
    yield step;
    written += step.length;
    progress?.(written / image.data.byteLength);
  }
}

function* planarSteps({ data }: Image): Generator<Uint8Array> {
  for (let at = 0; at < data.byteLength; at += STEP) {
    const length = Math.min(STEP, data.byteLength - at);
    yield new Uint8Array(data.buffer, data.byteOffset + at, length);
  }
}

function* gatheredSteps(image: Image, interleaved: boolean): Generator<Uint8Array> {
  const { data, pixelType, channels } = image;
  const width = pixelTypeFacts(pixelType).bytes;
  const voxels = interleaved ? voxelCount(image.grid.size) : data.length;
  const together = interleaved ? channels : 1;
  const perStep = Math.max(1, Math.floor(STEP / (width * together)));
  for (let start = 0; start < voxels; start += perStep) {
    const count = Math.min(perStep, voxels - start);
    const step = allocatePixels(pixelType, count * together);
    for (let c = 0; c < together; c++) {
      for (let i = 0; i < count; i++) step[i * together + c] = data[c * voxels + start + i];
    }
    const bytes = new Uint8Array(step.buffer);
    if (!HOST_IS_LITTLE_ENDIAN) swapBytes(bytes, width);
    yield bytes;
  }
}

/** Compression of a stream of bytes; `level` as zlib's, 1 fast to 9 small. */
export interface Compression {
  readonly kind: 'none' | 'gzip' | 'zlib';
  readonly level: number;
}

/** Writes bytes to the end of an open file, compressed. */
export async function writeBytes(
  handle: FileHandle,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { kind, level }: Compression,
): Promise<void> {
  if (kind === 'none') return drain(handle, bytes);
  const options = { level, chunkSize: 1 << 18 };
  const packer = kind === 'gzip' ? createGzip(options) : createDeflate(options);
  // One step ahead and no more: what is read ahead would be progress that was not made, and no abort would stop it.
  const steps = Readable.from(bytes, { highWaterMark: 1 });
  await pipeline(steps, packer, (packed) => drain(handle, packed));
}

async function drain(
  handle: FileHandle,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; ) {
      at += (await handle.write(piece, at, piece.length - at)).bytesWritten;
    }
  }
}
