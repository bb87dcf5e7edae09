import { dirname } from 'node:path';
import { faultIn } from './bad-file.js';
import { type ByteSource, fileSource, joinedSource, limitedSource } from './byte-source.js';
import type { HeaderOptions } from './format.js';
import { inflatingSource, roomBehind } from './inflating-source.js';
import { type OpenFile, openFile, openPlain, pathInside, sourceFrom } from './open-file.js';
import { headerPath, parseHeader } from './read-header.js';
import { storedLength, type VolumeHeader } from './volume-header.js';

/** Deflate packs at most 1032 bytes into one (258 bytes in two bits, RFC 1951). */
const DEFLATE_LIMIT = 1032;

/** A file whose header is known and whose pixels can be read next. */
export interface OpenVolume {
  readonly header: VolumeHeader;
  /** Whether the pixels come out of gzip or zlib, whose checksum follows them. */
  readonly inflated: boolean;
  /**
   * Stands at the first byte of the pixels, decompressed. To be called once.
   *
   * @param room - bytes that are wanted in one piece of memory; absent when they are wanted one after the other
   */
  pixels(room?: number): Promise<ByteSource>;
  close(): Promise<void>;
}

/** Opens a volume for reading its pixels; whoever opens, closes. Throws faults, not yet tied to the path. */
export async function openVolume(
  path: string,
  options: Pick<HeaderOptions, 'shear'>,
): Promise<OpenVolume> {
  const file = await openFile(headerPath(path));
  try {
    const header = parseHeader(path, file.prefix, options);
    if (header.place.kind === 'inline') return inlinePixels(file, header.place, header);
    const volume = await detachedPixels(header, header.place, dirname(path));
    await file.close();
    return volume;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function inlinePixels(
  file: OpenFile,
  { offset, skipInside = 0 }: { readonly offset: number; readonly skipInside?: number },
  header: VolumeHeader,
): OpenVolume {
  const needed = storedLength(header);
  const left = file.size - Math.max(0, offset);
  assertPresent(needed, file.gzipped ? file.size * DEFLATE_LIMIT : left, header);
  const start = offset < 0 ? file.size - needed : offset;
  let source: ByteSource | undefined;
  return {
    header,
    inflated: header.compressed || file.gzipped,
    async pixels(room) {
      const outer = header.compressed ? undefined : room;
      source = sourceFrom(file, roomBehind(start, outer));
      await source.skip(start);
      if (!header.compressed) return source;
      source = inflatingSource(source, 'compressed pixels', roomBehind(skipInside, room));
      await source.skip(skipInside);
      return source;
    },
    async close() {
      await source?.close();
      await file.close();
    },
  };
}

/** Pixels in files of their own, of which one is open at a time. */
async function detachedPixels(
  header: VolumeHeader,
  { names, skip }: { readonly names: readonly string[]; readonly skip: number },
  folder: string,
): Promise<OpenVolume> {
  const files: PixelFile[] = [];
  for (const name of names)
    files.push(await measured(await pathInside(folder, name, 'pixel file')));
  const share = storedLength(header) / files.length;
  if (!Number.isInteger(share)) {
    throw faultIn('pixel file', `is one of ${files.length}, which cannot have equal parts each`);
  }
  const unread = header.compressed ? 0 : Math.max(0, skip);
  for (const { size } of files) assertPresent(share, size - unread, header);
  const startOf = ({ size }: PixelFile) => (skip < 0 ? size - share : skip);
  const parts = (room?: number) =>
    files.map((file) => async () => {
      const part = await openPart(file.path, startOf(file), header.compressed, room);
      return files.length === 1 ? part : limitedSource(part, share);
    });
  let source: ByteSource | undefined;
  return {
    header,
    inflated: header.compressed,
    async pixels(room) {
      source = files.length === 1 ? await parts(room)[0]() : joinedSource(parts());
      return source;
    },
    close: async () => source?.close(),
  };
}

interface PixelFile {
  readonly path: string;
  readonly size: number;
}

async function measured(path: string): Promise<PixelFile> {
  const { handle, size } = await openPlain(path);
  await handle.close();
  return { path, size };
}

/** A pixel file from an offset on, which in a compressed one counts what comes out. */
async function openPart(
  path: string,
  offset: number,
  compressed: boolean,
  room: number | undefined,
): Promise<ByteSource> {
  const { handle } = await openPlain(path);
  const closing = { close: () => handle.close() };
  if (!compressed) return { ...fileSource(handle, offset), ...closing };
  const skipped = Math.max(0, offset);
  const bytes = { ...fileSource(handle), ...closing };
  const source = inflatingSource(bytes, 'compressed pixels', roomBehind(skipped, room));
  try {
    await source.skip(skipped);
  } catch (error) {
    await source.close();
    throw error;
  }
  return source;
}

/** Refuses, before anything is allocated, a header that promises more than the files can hold. */
function assertPresent(needed: number, bytes: number, header: VolumeHeader): void {
  const most = Math.max(0, header.compressed ? bytes * DEFLATE_LIMIT : bytes);
  if (needed <= most) return;
  const reason = `promises ${needed} bytes of pixels where the file has at most ${most}`;
  throw faultIn('header', reason, 'copy the file again from its origin');
}
