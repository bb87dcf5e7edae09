import { type Grid, type Image, indexToPhysical, type PixelType } from '@voxhost/sdk';
import { nearestRotation } from '../affine-grid.js';
import type { EncodedHeader, WriteLayout } from '../format.js';
import { matrixToQuaternion } from './affine.js';
import { encodeFields, HEADER_BYTES, type NiftiFields } from './fields.js';

const CODES: { readonly [P in PixelType]: number } = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
};

/** Largest axis of NIfTI-1, whose dim is int16; a larger one makes the file NIfTI-2. */
const LARGEST_AXIS_1 = 32767;

/** NIFTI_XFORM_SCANNER_ANAT. */
const SCANNER = 1;
/** NIFTI_UNITS_MM with NIFTI_UNITS_SEC. */
const MM_AND_SECONDS = 2 | 8;
const INTENT_VECTOR = 1007;

/** Both forms are set, as ITK does, so that readers that prefer either agree. */
export function encodeNifti(image: Omit<Image, 'data'>, layout: WriteLayout): EncodedHeader {
  const { grid, channels, pixelType } = image;
  const vector = channels > 1 && layout.channelsAs === 'components';
  const dim = dimOf(grid.size, channels, vector);
  const version = dim.every((n) => n <= LARGEST_AXIS_1) ? 1 : 2;
  const single = layout.pixelName === '';
  const voxOffset = single ? HEADER_BYTES[version] + 4 : 0;
  const header = encodeFields({
    version,
    littleEndian: true,
    single,
    dim,
    datatype: CODES[pixelType],
    voxOffset,
    slope: 1,
    intercept: 0,
    units: MM_AND_SECONDS,
    intent: vector ? INTENT_VECTOR : 0,
    ...formsOf(grid, layout.frameSpacing),
  });
  const padded = new Uint8Array(single ? voxOffset : header.length); // 4 zeros: no extension
  padded.set(header);
  return { header: padded, interleaved: false };
}

function dimOf(size: readonly number[], channels: number, vector: boolean): number[] {
  const [nx, ny, nz = 1] = size;
  if (vector) return [5, nx, ny, nz, 1, channels, 1, 1];
  if (channels > 1) return [4, nx, ny, nz, channels, 1, 1, 1];
  return [size.length, nx, ny, nz, 1, 1, 1, 1];
}

function formsOf(
  grid: Grid,
  frameSpacing: number,
): Pick<NiftiFields, 'pixdim' | 'qformCode' | 'sformCode' | 'quaternion' | 'qoffset' | 'srow'> {
  const srow = rasRows(grid);
  const spacing = [...grid.spacing, 1].slice(0, 3);
  const axes = srow.map((v, i) => (i % 4 === 3 ? 0 : v / spacing[i % 4]));
  const { rotation, mirrored } = nearestRotation(
    [0, 1, 2].flatMap((r) => axes.slice(4 * r, 4 * r + 3)),
  );
  return {
    pixdim: [mirrored ? -1 : 1, ...spacing, frameSpacing, 1, 1, 1],
    qformCode: SCANNER,
    sformCode: SCANNER,
    quaternion: matrixToQuaternion(rotation),
    qoffset: [srow[3], srow[7], srow[11]],
    srow,
  };
}

/** Index -> RAS, 3 × 4; a picture lies in the plane z = 0. */
function rasRows(grid: Grid): number[] {
  const m = indexToPhysical(grid);
  const full =
    grid.size.length === 3 ? [...m] : [m[0], m[1], 0, m[2], m[3], m[4], 0, m[5], 0, 0, 1, 0];
  return full.map((v, i) => (i < 8 ? 0 - v : v));
}
