import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Grid, type Image, PIXEL_TYPES, type PixelType, requireGrid } from '@voxhost/sdk';
import { count, having, is, oneOf, requireArgument } from '@voxhost/sdk/arguments';
import { HostError } from '../errors.js';
import { withProgress } from '../progress.js';
import { requireImage } from '../request-rules.js';
import { type AtomicPart, assertPlace, writeAtomically } from './atomic-file.js';
import type { WriteLayout } from './format.js';
import { formatOf, knownExtensions, type MatchedFormat } from './formats.js';
import { requireWriting } from './io-rules.js';
import { headerPath } from './read-header.js';
import { type Compression, pixelBytes, type Watch, writeBytes } from './write-pixels.js';

/** How an image is written, and how to be told and stopped. */
export interface WriteOptions extends Watch {
  /** Channels as frames of a 4-D file (default) or as components of each voxel; a 2-D image has components. */
  readonly channelsAs?: WriteLayout['channelsAs'];
  /** Between frames, in seconds; 1 by default. */
  readonly frameSpacing?: number;
  /** Deflate the pixels of a format that can (.mha, .mhd, .nrrd, .nhdr); false by default. */
  readonly compress?: boolean;
  /** zlib's level, 1 (default, as nibabel's: 2 to 3 times as fast as 6 and little larger) to 9. */
  readonly level?: number;
}

const DEFAULTS = { frameSpacing: 1, compress: false, level: 1 } as const;

/** Fails when `path` has no known extension or no folder that can be written: ask before computing. Throws CANNOT_WRITE. */
export async function assertWritable(path: string): Promise<void> {
  requireWriting(path, {});
  matchedFormat(path);
  await assertPlace(path);
}

/**
 * Writes a volume in the format of the path's extension, whole or not at all: temporary file in the same
 * folder, flush, rename. Throws CANNOT_WRITE; an abort rejects with the signal's reason.
 */
export async function writeImage(
  image: Image,
  path: string,
  options: WriteOptions = {},
): Promise<void> {
  requireWriting(path, options);
  requireImage('image', image);
  await withProgress(options, (guarded) =>
    write({ ...image, pixels: (together) => pixelBytes(image, together, guarded) }, path, guarded),
  );
}

/** A 4-D volume whose frames come one after the other, so that they need not fit into memory together. */
export interface FrameSequence {
  readonly grid: Grid;
  readonly pixelType: PixelType;
  readonly count: number;
  /** `count` images of one channel on that grid. */
  readonly frames: AsyncIterable<Image>;
}

/** Writes a 4-D volume frame by frame; else as `writeImage`. Throws CANNOT_WRITE. */
export async function writeFrames(
  sequence: FrameSequence,
  path: string,
  options: Omit<WriteOptions, 'channelsAs'> = {},
): Promise<void> {
  requireWriting(path, options);
  requireArgument('sequence', sequence, SEQUENCE);
  const { grid, pixelType, count } = sequence;
  requireGrid(grid);
  if (grid.size.length !== 3) {
    const reason = 'frames of 2-D images have no 4-D file';
    throw new HostError('CANNOT_WRITE', { path, reason, remedy: 'write them one by one' });
  }
  await withProgress(options, (guarded) => {
    const pixels = () => frameBytes(sequence, path, guarded);
    const layout = { ...guarded, channelsAs: 'frames' } as const;
    return write({ grid, pixelType, channels: count, pixels }, path, layout);
  });
}

const SEQUENCE = having({
  pixelType: oneOf(...PIXEL_TYPES),
  count,
  frames: is(
    'iterable',
    (v) => isIterable(v, Symbol.asyncIterator) || isIterable(v, Symbol.iterator),
  ),
});

const isIterable = (value: unknown, symbol: symbol): boolean =>
  typeof value === 'object' && value !== null && symbol in value;

async function* frameBytes(
  { grid, pixelType, count, frames }: FrameSequence,
  path: string,
  { signal, progress }: WriteOptions,
): AsyncGenerator<Uint8Array> {
  let written = 0;
  for await (const frame of frames) {
    requireImage('frame', frame);
    const fits = frame.pixelType === pixelType && frame.channels === 1 && written < count;
    if (!fits || frame.grid.size.some((n, a) => n !== grid.size[a])) {
      const reason = `frame ${written + 1} of ${count} is not one channel of ${pixelType} on [${grid.size}]`;
      throw new HostError('CANNOT_WRITE', { path, reason, remedy: 'give frames of one kind' });
    }
    yield* pixelBytes(frame, false, { ...(signal && { signal }) });
    written++;
    progress?.(written / count);
  }
  if (written === count) return;
  const reason = `only ${written} of ${count} frames came`;
  throw new HostError('CANNOT_WRITE', { path, reason, remedy: 'give as many as there are' });
}

/** A header's facts, and the pixels as bytes in the order that the format wants. */
interface Writable extends Omit<Image, 'data'> {
  readonly pixels: (interleaved: boolean) => AsyncIterable<Uint8Array>;
}

async function write(image: Writable, path: string, options: WriteOptions): Promise<void> {
  const matched = matchedFormat(path);
  await assertPlace(path);
  options.signal?.throwIfAborted();
  const parts = partsOf(image, path, matched, options);
  await writeAtomically(parts.map((part) => unlessAborted(part, options)));
}

/** The last step of a writing may be what aborts it, after which nothing is to appear. */
const unlessAborted = (part: AtomicPart, { signal }: WriteOptions): AtomicPart => ({
  ...part,
  write: async (handle) => {
    await part.write(handle);
    signal?.throwIfAborted();
  },
});

/** An .img is written with its .hdr, whichever of them was named. */
function matchedFormat(path: string): MatchedFormat {
  const matched = formatOf(headerPath(path));
  if (matched !== undefined) return matched;
  const reason = 'its extension is of no known format';
  throw new HostError('CANNOT_WRITE', { path, reason, remedy: `use one of ${knownExtensions()}` });
}

function partsOf(
  image: Writable,
  path: string,
  matched: MatchedFormat,
  options: WriteOptions,
): AtomicPart[] {
  const { format, extension } = matched;
  const target = headerPath(path);
  const layout = layoutOf(image, target, matched, options);
  const { header, interleaved } = format.encode(image, layout);
  const level = options.level ?? DEFAULTS.level;
  const whole: Compression = { kind: extension.endsWith('.gz') ? 'gzip' : 'none', level };
  const inner: Compression = { kind: layout.compress ? (format.inner ?? 'none') : 'none', level };
  const pixels = () => image.pixels(interleaved);
  if (layout.pixelName === '') {
    const write = (handle: FileHandle) => writeJoined(handle, header, pixels(), { whole, inner });
    return [{ path: target, write }];
  }
  const packing = inner.kind === 'none' ? whole : inner;
  let pixelBytesWritten = 0;
  const writePixels = async (handle: FileHandle) => {
    await writeBytes(handle, pixels(), packing);
    pixelBytesWritten = (await handle.stat()).size;
  };
  const writeHeader = (handle: FileHandle) => {
    const sized = format.encode(image, { ...layout, pixelBytesWritten });
    return writeBytes(handle, [sized.header], whole);
  };
  return [
    { path: join(dirname(target), layout.pixelName), write: writePixels },
    { path: target, write: writeHeader },
  ];
}

function layoutOf(
  image: Writable,
  path: string,
  { format, extension }: MatchedFormat,
  options: WriteOptions,
): WriteLayout {
  const compress = (options.compress ?? DEFAULTS.compress) && format.inner !== undefined;
  const apart = format.detached[extension]?.[compress ? 'compressed' : 'plain'];
  const stem = basename(path).slice(0, -extension.length);
  return {
    channelsAs: image.grid.size.length === 2 ? 'components' : (options.channelsAs ?? 'frames'),
    frameSpacing: options.frameSpacing ?? DEFAULTS.frameSpacing,
    compress,
    pixelName: apart === undefined ? '' : stem + apart,
    pixelBytesWritten: 0,
  };
}

/** Header and pixels in one file: compressed together, or the pixels alone. */
async function writeJoined(
  handle: FileHandle,
  header: Uint8Array,
  pixels: AsyncIterable<Uint8Array>,
  { whole, inner }: { readonly whole: Compression; readonly inner: Compression },
): Promise<void> {
  if (inner.kind === 'none') return writeBytes(handle, after(header, pixels), whole);
  await handle.writeFile(header);
  await writeBytes(handle, pixels, inner);
}

async function* after(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
