import { type Image, voxelCount } from '@voxhost/sdk';

/** Is an index inside a mask, at its nearest voxel floor(x + 0.5)? Without a mask, inside the image's buffer. */
export function insideTest(
  size: readonly number[],
  mask: Image | undefined,
): (points: Float64Array, first: number) => boolean {
  return (points, first) => {
    let at = 0;
    for (let a = size.length - 1; a >= 0; a--) {
      const voxel = Math.floor(points[first + a] + 0.5);
      if (!(voxel >= 0 && voxel < size[a])) return false;
      at = at * size[a] + voxel;
    }
    return mask === undefined || mask.data[at] !== 0;
  };
}

/** Sets the flags of points outside to 0; the same test. */
export function flagOutside(
  points: Float64Array,
  size: readonly number[],
  mask: Image | undefined,
  flags: Uint8Array,
): void {
  const dims = size.length;
  if (mask !== undefined) {
    const isInside = insideTest(size, mask);
    for (let n = 0; n < flags.length; n++) if (!isInside(points, n * dims)) flags[n] = 0;
    return;
  }
  for (let a = 0; a < dims; a++) {
    const length = size[a];
    for (let n = 0; n < flags.length; n++) {
      const x = points[n * dims + a] + 0.5;
      if (!(x >= 0 && x < length)) flags[n] = 0;
    }
  }
}

/** 1 inside, 0 outside: the mask, or the whole buffer. */
export function insideImage(image: Image, mask: Image | undefined): Image {
  const data = new Uint8Array(voxelCount(image.grid.size)).fill(1);
  if (mask !== undefined)
    for (let i = 0; i < data.length; i++) data[i] = mask.data[i] === 0 ? 0 : 1;
  return { pixelType: 'uint8', channels: 1, grid: image.grid, data };
}
