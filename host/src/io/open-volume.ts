import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultIn } from './bad-file.js';
import {
  type ByteSource,
  fileSource,
  inflatingSource,
  prefixedSource,
  readable,
} from './byte-source.js';
import type { HeaderOptions } from './format.js';
import { type OpenFile, openFile, openPlain, pathInside } from './open-file.js';
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
    if (header.place.kind === 'inline')
      return await inlinePixels(file, header.place.offset, header);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return await detachedPixels(header, header.place, dirname(path));
}

async function inlinePixels(
  file: OpenFile,
  offset: number,
  header: VolumeHeader,
): Promise<OpenVolume> {
  const needed = storedLength(header);
  const left = file.size - Math.max(0, offset);
  assertPresent(needed, file.gzipped ? file.size * DEFLATE_LIMIT : left, header);
  const bytes = await sourceAt(file, offset < 0 ? file.size - needed : offset);
  const pixels = header.compressed ? inflatingSource(bytes, 'compressed pixels') : bytes;
  const close = async () => {
    await pixels.close();
    await file.close();
  };
  return { header, pixels, inflated: header.compressed || file.gzipped, close };
}

async function sourceAt(file: OpenFile, offset: number): Promise<ByteSource> {
  if (!file.gzipped) return fileSource(file.handle, offset);
  await file.rest.skip(offset - file.prefix.length);
  return prefixedSource(file.prefix.subarray(offset), file.rest);
}

async function detachedPixels(
  header: VolumeHeader,
  place: { readonly names: readonly string[]; readonly skip: number },
  folder: string,
): Promise<OpenVolume> {
  const handles: FileHandle[] = [];
  const close = async () => {
    for (const handle of handles) await handle.close();
  };
  try {
    const sizes: number[] = [];
    for (const name of place.names) {
      const file = await openPlain(await pathInside(folder, name, 'pixel file'));
      handles.push(file.handle);
      sizes.push(file.size - (header.compressed ? 0 : Math.max(0, place.skip)));
    }
    const needed = storedLength(header);
    assertPresent(
      needed,
      sizes.reduce((sum, size) => sum + size, 0),
      header,
    );
    const share = needed / handles.length;
    const parts: ByteSource[] = [];
    for (const [n, handle] of handles.entries()) {
      const start = place.skip < 0 ? sizes[n] - share : place.skip;
      parts.push(await partAt(handle, start, header.compressed));
    }
    return { header, pixels: joinedSource(parts), inflated: header.compressed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A pixel file from an offset on, which in a compressed one counts what comes out. */
async function partAt(
  handle: FileHandle,
  offset: number,
  compressed: boolean,
): Promise<ByteSource> {
  if (!compressed) return fileSource(handle, offset);
  const source = inflatingSource(fileSource(handle), 'compressed pixels');
  await source.skip(Math.max(0, offset));
  return source;
}

/** Refuses, before anything is allocated, a header that promises more than the files can hold. */
function assertPresent(needed: number, bytes: number, header: VolumeHeader): void {
  const most = Math.max(0, header.compressed ? bytes * DEFLATE_LIMIT : bytes);
  if (needed <= most) return;
  const reason = `promises ${needed} bytes of pixels where the file has at most ${most}`;
  throw faultIn('header', reason, 'copy the file again from its origin');
}

/** One source after the other. */
function joinedSource(sources: readonly ByteSource[]): ByteSource {
  if (sources.length === 1) return sources[0];
  let current = 0;
  return readable(
    async (into) => {
      while (current < sources.length) {
        const length = await sources[current].read(into);
        if (length > 0) return length;
        current++;
      }
      return 0;
    },
    async () => {
      for (const source of sources) await source.close();
    },
  );
}
