import type { Image } from '@voxhost/sdk';
import type { VolumeHeader } from './volume-header.js';

/** What a header parser needs besides the bytes. */
export interface HeaderOptions {
  /** File name without its folder: some formats name their pixel file after it. */
  readonly name: string;
  /** `refuse` (default) rejects a sheared affine; `keep` gives it as `affine` beside the nearest grid. */
  readonly shear?: 'refuse' | 'keep';
}

/** How an image is laid out in a file. */
export interface WriteLayout {
  /** Channels as the frames of a 4-D file, or as the components of each voxel. */
  readonly channelsAs: 'frames' | 'components';
  /** Unit of the fourth axis between frames. */
  readonly frameSpacing: number;
  /** Pixels are deflated. */
  readonly compress: boolean;
  /** File name of the pixels when they are apart from the header. */
  readonly pixelName: string;
  /** Bytes of the pixel file apart, which is written first; 0 where pixels follow the header. */
  readonly pixelBytesWritten: number;
}

/** A header ready to write, and how the pixels follow it. */
export interface EncodedHeader {
  readonly header: Uint8Array;
  /** Components of a voxel lie together in the file. */
  readonly interleaved: boolean;
}

/** One file format: two pure functions and what its files are called. */
export interface Format {
  readonly name: string;
  /** Lower case, with the dot; the first is the one to advise. */
  readonly extensions: readonly string[];
  /** For each extension whose pixels lie in a second file: that file's extension. */
  readonly detached: {
    readonly [extension: string]: { readonly plain: string; readonly compressed: string };
  };
  /** How the pixels are compressed inside the file, if the format can. A whole file .gz is not the format's matter. */
  readonly inner?: 'zlib' | 'gzip';
  parse(bytes: Uint8Array, options: HeaderOptions): VolumeHeader;
  encode(image: Omit<Image, 'data'>, layout: WriteLayout): EncodedHeader;
}
