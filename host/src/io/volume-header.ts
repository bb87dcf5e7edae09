import type { Grid } from '@voxhost/sdk';
import { faultIn } from './bad-file.js';
import { type Scale, type StoredType, storedBytes } from './stored-type.js';

/** Where the pixels are: in this file from `offset` on, or in other files one after the other. */
export type PixelPlace =
  | {
      readonly kind: 'inline';
      /** -1: the pixels are the end of the file. */
      readonly offset: number;
      /** Bytes to leave out of what compressed pixels become. Default 0. */
      readonly skipInside?: number;
    }
  /** `skip` bytes are left out at the start of each; negative: the pixels are the end of the file. */
  | { readonly kind: 'files'; readonly names: readonly string[]; readonly skip: number };

/** What a header says, whatever its format. Made by pure parsers, read by `readPixels`. */
export interface VolumeHeader {
  readonly format: string;
  /** Of one channel. A sheared affine is refused, or its nearest grid is here and `affine` has the truth. */
  readonly grid: Grid;
  /** Index -> physical (LPS, mm), row-major D × (D+1), exactly as the file says. */
  readonly affine: Float64Array;
  /** Whether `affine` has axes that are not perpendicular, so that `grid` is not where the voxels are. */
  readonly sheared: boolean;
  /** Numbers per voxel of one frame. */
  readonly components: number;
  /** Volumes of a 4-D file. */
  readonly frames: number;
  /** Seconds, or the file's unit of its fourth axis, between frames. */
  readonly frameSpacing: number;
  readonly stored: StoredType;
  readonly littleEndian: boolean;
  /** Components lie together per voxel in the file; in memory they are planes. */
  readonly interleaved: boolean;
  readonly scale: Scale | undefined;
  /** Components are displacements along RAS axes, which a reader of vectors turns to LPS. */
  readonly rasVectors: boolean;
  readonly place: PixelPlace;
  /** Compression of the pixels themselves; that of a whole file (.nii.gz) is undone before its header. */
  readonly compressed: boolean;
}

/** Numbers in the file: voxels × channels. Throws the fault when no machine could hold them. */
export function storedCount(header: Pick<VolumeHeader, 'grid' | 'components' | 'frames'>): number {
  const axes = [...header.grid.size, header.components, header.frames];
  const count = axes.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(count)) {
    throw faultIn('size', `[${axes}] has more voxels than can be counted`);
  }
  return count;
}

/** Bytes of the pixels in the file. */
export const storedLength = (header: VolumeHeader): number =>
  storedCount(header) * storedBytes(header.stored);

/** Whole numbers of at least 1, or the fault that names the field. */
export function assertSizes(field: string, sizes: readonly number[]): void {
  const wrong = sizes.findIndex((n) => !Number.isSafeInteger(n) || n < 1);
  if (wrong === -1) return;
  throw faultIn(`${field}[${wrong + 1}]`, `is ${sizes[wrong]}, not a whole number of at least 1`);
}

/** Positive finite millimetres, or the fault that names the field. */
export function assertSpacings(field: string, spacings: readonly number[]): void {
  const wrong = spacings.findIndex((s) => !(Number.isFinite(s) && s > 0));
  if (wrong === -1) return;
  throw faultIn(`${field}[${wrong + 1}]`, `is ${spacings[wrong]}, not a positive distance`);
}
