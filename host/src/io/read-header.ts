import { basename } from 'node:path';
import type { Grid } from '@voxhost/sdk';
import { atPath, faultIn } from './bad-file.js';
import { isDicomPath, readSeriesHeader } from './dicom/read-series.js';
import type { HeaderOptions } from './format.js';
import { formatOf, knownExtensions } from './formats.js';
import { requireReading } from './io-rules.js';
import { openFile } from './open-file.js';
import type { VolumeHeader } from './volume-header.js';

/** What a header says; reads no pixels. Throws BAD_FILE. */
export async function readHeader(
  path: string,
  options: Pick<HeaderOptions, 'shear'> = {},
): Promise<VolumeHeader> {
  requireReading(path, options);
  return atPath(path, async () => {
    if (await isDicomPath(path)) return (await readSeriesHeader(path, options)).header;
    assertKnown(path);
    const file = await openFile(headerPath(path));
    try {
      return parseHeader(path, file.prefix, options);
    } finally {
      await file.close();
    }
  });
}

/** Where the voxels of a file lie; reads no pixels. Throws BAD_FILE. */
export async function readGrid(path: string): Promise<Grid> {
  return (await readHeader(path)).grid;
}

/** The .img of a pair stands for its .hdr. */
export const headerPath = (path: string): string => path.replace(/\.img(\.gz)?$/i, '.hdr$1');

/** Parses the front of the file at `path` by the format of its extension. Throws its fault. */
export function parseHeader(
  path: string,
  prefix: Uint8Array,
  options: Pick<HeaderOptions, 'shear'>,
): VolumeHeader {
  const format = assertKnown(path);
  if (prefix.length === 0) throw faultIn('file', 'is empty');
  return format.parse(prefix, { ...options, name: basename(headerPath(path)) });
}

function assertKnown(path: string) {
  const matched = formatOf(path);
  if (matched !== undefined) return matched.format;
  throw faultIn('extension', 'is of no known format', `use one of ${knownExtensions()}`);
}
