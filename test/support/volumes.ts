import type { Image, PixelType } from '@voxhost/sdk';
import { allocatePixels, createGrid, createImage, voxelCount } from '@voxhost/sdk';

/** Oblique unit axes. */
const OBLIQUE = [0.96, -0.28, 0, 0.28, 0.96, 0, 0, 0, 1];

/** Smooth, nowhere symmetric values of about -100 .. 100 on an oblique grid. */
export function wavy(
  size: readonly number[],
  { pixelType = 'float32', channels = 1 }: { pixelType?: PixelType; channels?: number } = {},
): Image {
  const plane = voxelCount(size);
  const data = allocatePixels(pixelType, plane * channels);
  const [nx, ny] = size;
  for (let at = 0; at < data.length; at++) {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor((at % plane) / (nx * ny))];
    const c = Math.floor(at / plane);
    data[at] = 60 * Math.sin(0.5 * x + c) + 30 * Math.cos(0.3 * y - 0.2 * z) + 2 * x - y + 3 * z;
  }
  const grid = createGrid({
    size,
    spacing: [1.1, 0.9, 1.4].slice(0, size.length),
    origin: [5, -3, 7].slice(0, size.length),
    ...(size.length === 3 && { direction: OBLIQUE }),
  });
  return createImage(grid, data, channels);
}

/** Largest |difference| of two images of one size. */
export function largestDifference(a: Image, b: Image): number {
  if (a.grid.size.join() !== b.grid.size.join()) throw new Error(`${a.grid.size} | ${b.grid.size}`);
  let worst = 0;
  for (let i = 0; i < a.data.length; i++) worst = Math.max(worst, Math.abs(a.data[i] - b.data[i]));
  return worst;
}

/** The part of an image that lies at least `margin` voxels inside. */
export function insideDifference(a: Image, b: Image, margin: number): number {
  const { size } = a.grid;
  const [nx, ny] = size;
  let worst = 0;
  for (let at = 0; at < a.data.length; at++) {
    const index = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny)) % (size[2] ?? 1)];
    const inside = size.every((n, d) => index[d] >= margin && index[d] < n - margin);
    if (inside) worst = Math.max(worst, Math.abs(a.data[at] - b.data[at]));
  }
  return worst;
}
