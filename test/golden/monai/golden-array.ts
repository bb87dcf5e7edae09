import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  allocatePixels,
  createGrid,
  createImage,
  type Grid,
  type Image,
  PIXEL_TYPES,
  type Pixels,
  type PixelType,
  voxelCount,
} from '@voxhost/sdk';

/** A raw file of the golden format: little-endian, C order `[channel, axis0, axis1(, axis2)]`. */
export interface GoldenArray {
  readonly file: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Voxel index to RAS, homogeneous. */
  readonly affine?: readonly (readonly number[])[] | null;
}

/** The array with its planes turned to x fastest, axis 0 being x. */
export async function readPlanes(folder: string, array: GoldenArray): Promise<Pixels> {
  const pixelType = pixelTypeNamed(array.dtype);
  const bytes = await readFile(join(folder, array.file));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const length = voxelCount(array.shape);
  const whole = allocatePixels(pixelType, length);
  new Uint8Array(whole.buffer).set(new Uint8Array(buffer, 0, whole.byteLength));
  return turnPlanes(whole, array.shape, pixelType);
}

export const pixelTypeNamed = (dtype: string): PixelType => {
  const found = PIXEL_TYPES.find((type) => type === dtype);
  if (found === undefined) throw new Error(`golden dtype "${dtype}" is no pixel type`);
  return found;
};

/** C order to x fastest, channel by channel. */
function turnPlanes(from: Pixels, shape: readonly number[], pixelType: PixelType): Pixels {
  const [channels, nx, ny, nz = 1] = shape;
  const to = allocatePixels(pixelType, from.length);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++) to[at++] = from[((c * nx + x) * ny + y) * nz + z];
      }
    }
  }
  return to;
}

/** The image of an input file on its grid, LPS. */
export async function readGoldenImage(folder: string, array: GoldenArray): Promise<Image> {
  const data = await readPlanes(folder, array);
  const size = array.shape.slice(1);
  const grid = array.affine ? gridOfRas(array.affine, size) : createGrid({ size });
  return createImage(grid, data, array.shape[0]);
}

/** Grid of an index -> RAS affine of `size.length` or 3 dimensions. */
function gridOfRas(affine: readonly (readonly number[])[], size: readonly number[]): Grid {
  const dims = size.length;
  const at = (row: number, column: number): number => (row < 2 ? -1 : 1) * affine[row][column];
  const axes = size.map((_, row) => row);
  const spacing = axes.map((column) => Math.hypot(...axes.map((row) => at(row, column))));
  const direction = axes.flatMap((row) => axes.map((column) => at(row, column) / spacing[column]));
  const origin = axes.map((row) => at(row, affine.length - 1));
  return createGrid({ size, spacing, direction, origin: origin.slice(0, dims) });
}
