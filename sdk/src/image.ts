import { VoxhostError } from './errors.js';
import { type Grid, requireGrid, voxelCount } from './grid.js';
import { type Pixels, type PixelType, pixelTypeOf } from './pixel-type.js';
import { show } from './show.js';

/**
 * A volume or picture on a grid. Channels are planar and independent: the host may split or stack them.
 *
 * Frozen while a Prepared holds it: object identity is content, so a backend may keep its own copy
 * under the object's identity. New values are a new object.
 */
export interface Image {
  readonly pixelType: PixelType;
  /** At least 1. */
  readonly channels: number;
  readonly grid: Grid;
  /** Length `channels · Π size`; x fastest, then y, z, channel. */
  readonly data: Pixels;
}

/** A checked image over the caller's data, which is not copied. Throws `BAD_IMAGE` or `BAD_GRID`. */
export function createImage(grid: Grid, data: Pixels, channels = 1): Image {
  requireGrid(grid);
  const pixelType = pixelTypeOf(data);
  if (pixelType === undefined) {
    throw new VoxhostError('BAD_IMAGE', {
      field: 'data',
      reason: 'is not a typed array of a pixel type',
    });
  }
  const isCount = Number.isSafeInteger(channels) && channels >= 1;
  const wanted = isCount ? voxelCount(grid.size) * channels : Number.NaN;
  if (data.length !== wanted) {
    const reason = `has ${data.length} values where ${show(channels)} channel(s) of [${grid.size}] need ${wanted}`;
    throw new VoxhostError('BAD_IMAGE', { field: 'data', reason });
  }
  return Object.freeze({ pixelType, channels, grid, data });
}
