import { dirname } from 'node:path';
import { faultIn } from './bad-file.js';
import { type ByteSource, fileSource, inflatingSource, prefixedSource } from './byte-source.js';
import type { HeaderOptions } from './format.js';
import { type OpenFile, openFile, pathInside } from './open-file.js';
import { headerPath, parseHeader } from './read-header.js';
import { storedLength, type VolumeHeader } from './volume-header.js';

/** Deflate packs at most 1032 bytes into one (258 bytes in two bits, RFC 1951). */
const DEFLATE_LIMIT = 1032;

/** A file whose header is known and whose pixels can be read next. */
export interface OpenVolume {
  readonly header: VolumeHeader;
  /** Stands at the first byte of the pixels, decompressed. */
  readonly pixels: ByteSource;
  /** Whether the pixels come out of gzip or zlib, whose checksum follows them. */
  readonly inflated: boolean;
  close(): Promise<void>;
}

/** Opens a volume for reading its pixels; whoever opens, closes. Throws faults, not yet tied to the path. */
export async function openVolume(
  path: string,
  options: Pick<HeaderOptions, 'shear'>,
): Promise<OpenVolume> {
  const file = await openFile(headerPath(path));
  let header: VolumeHeader;
  try {
    header = parseHeader(path, file.prefix, options);
    if (header.place.kind === 'inline') return await pixelsOf([file], header.place.offset, header);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return await openDetached(header, header.place, dirname(path));
}

async function openDetached(
  header: VolumeHeader,
  place: { readonly names: readonly string[]; readonly skip: number },
  folder: string,
): Promise<OpenVolume> {
  const files: OpenFile[] = [];
  try {
    for (const name of place.names) {
      files.push(await openFile(await pathInside(folder, name, 'pixel file'), 0));
    }
    return await pixelsOf(files, place.skip, header);
  } catch (error) {
    await closeAll(files);
    throw error;
  }
}

const closeAll = async (files: readonly OpenFile[]): Promise<void> => {
  for (const file of files) await file.close();
};

async function pixelsOf(
  files: readonly OpenFile[],
  offset: number,
  header: VolumeHeader,
): Promise<OpenVolume> {
  const needed = storedLength(header);
  assertPresent(files, offset, header, needed);
  const parts: ByteSource[] = [];
  for (const file of files) {
    const skip = offset < 0 ? file.size - needed / files.length : offset;
    parts.push(await sourceAt(file, skip));
  }
  const joined = joinedSource(parts);
  const pixels = header.compressed ? inflatingSource(joined, 'compressed pixels') : joined;
  const inflated = header.compressed || files.some((file) => file.gzipped);
  const close = async () => {
    await pixels.close();
    await closeAll(files);
  };
  return { header, pixels, inflated, close };
}

/** Refuses, before anything is allocated, a header that promises more than the files can hold. */
function assertPresent(
  files: readonly OpenFile[],
  offset: number,
  header: VolumeHeader,
  needed: number,
): void {
  let most = 0;
  for (const file of files) {
    most += file.gzipped ? file.size * DEFLATE_LIMIT : file.size - Math.max(0, offset);
  }
  if (header.compressed) most *= DEFLATE_LIMIT;
  if (needed <= most) return;
  const reason = `promises ${needed} bytes of pixels where the file has at most ${Math.max(0, most)}`;
  throw faultIn('header', reason, 'copy the file again from its origin');
}

async function sourceAt(file: OpenFile, offset: number): Promise<ByteSource> {
  if (!file.gzipped) return fileSource(file.handle, offset);
  if (offset < 0) throw faultIn('pixels', 'are counted from the end of a gzip file');
  await skip(file.rest, offset - file.prefix.length);
  return prefixedSource(file.prefix.subarray(offset), file.rest);
}

async function skip(source: ByteSource, bytes: number): Promise<void> {
  const scratch = new Uint8Array(Math.min(1 << 16, Math.max(0, bytes)));
  for (let left = bytes; left > 0; ) {
    const length = await source.read(scratch.subarray(0, Math.min(left, scratch.length)));
    if (length === 0) return; // the reader of the pixels finds the end and says so
    left -= length;
  }
}

/** One source after the other. */
function joinedSource(sources: readonly ByteSource[]): ByteSource {
  if (sources.length === 1) return sources[0];
  let current = 0;
  return {
    async read(into) {
      while (current < sources.length) {
        const length = await sources[current].read(into);
        if (length > 0) return length;
        current++;
      }
      return 0;
    },
    async close() {
      for (const source of sources) await source.close();
    },
  };
}
