import type { Image } from '@voxhost/sdk';
import type { Raster } from '../picture/png.js';
import { principalBasis, project } from './pca.js';
import type { Volume } from './volume.js';

/** Pixels along the longest edge of a slice. */
const EDGE = 256;
const GAP = 4;

/**
 * A feature map as a picture: its three principal components as red, green and blue, each stretched from its
 * smallest to its largest value, in the three middle slices side by side (of a picture the only one), in
 * true proportions, y and z upwards as in a radiologist's view of LPS.
 */
export function featurePicture(map: Image): Raster {
  const colours = toColours(map);
  const { size, spacing } = map.grid;
  const views =
    size.length === 2
      ? [[0, 1]]
      : [
          [0, 1],
          [0, 2],
          [1, 2],
        ];
  const scale = EDGE / Math.max(...size.map((n, a) => n * spacing[a]));
  return beside(views.map(([across, up]) => slice(map, colours, { across, up, scale })));
}

/** Three bytes per voxel. */
function toColours({ grid, channels, data }: Image): Uint8Array {
  const volume: Volume = { channels, size: [...grid.size].reverse(), data: data as Float32Array };
  const components = Math.min(3, channels);
  const { data: planes } = project(volume, principalBasis(volume, components));
  const count = planes.length / components;
  const colours = new Uint8Array(count * 3);
  for (let k = 0; k < 3; k++) {
    const plane = planes.subarray((k % components) * count, ((k % components) + 1) * count);
    const [low, high] = plane.reduce(
      ([a, b], v) => [Math.min(a, v), Math.max(b, v)],
      [Infinity, -Infinity],
    );
    const factor = high > low ? 255 / (high - low) : 0;
    for (let i = 0; i < count; i++) colours[i * 3 + k] = (plane[i] - low) * factor;
  }
  return colours;
}

interface View {
  readonly across: number;
  readonly up: number;
  /** Pixels per millimetre. */
  readonly scale: number;
}

function slice(
  { grid: { size, spacing } }: Image,
  colours: Uint8Array,
  { across, up, scale }: View,
): Raster {
  const width = Math.max(1, Math.round(size[across] * spacing[across] * scale));
  const height = Math.max(1, Math.round(size[up] * spacing[up] * scale));
  const pixels = new Uint8Array(width * height * 3);
  const index = size.map((n) => Math.floor(n / 2));
  const isVertical = up === 2;
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * size[up]) / height);
    index[up] = isVertical ? size[up] - 1 - row : row; // the head is above
    for (let x = 0; x < width; x++) {
      index[across] = Math.floor(((x + 0.5) * size[across]) / width);
      const voxel = index.reduceRight((at, i, a) => at * size[a] + i, 0);
      pixels.set(colours.subarray(voxel * 3, voxel * 3 + 3), (y * width + x) * 3);
    }
  }
  return { width, height, pixels };
}

/** Pictures side by side, bottoms aligned, black between. */
function beside(pictures: readonly Raster[]): Raster {
  const width = pictures.reduce((sum, p) => sum + p.width + GAP, -GAP);
  const height = Math.max(...pictures.map((p) => p.height));
  const pixels = new Uint8Array(width * height * 3);
  let left = 0;
  for (const picture of pictures) {
    const top = height - picture.height;
    for (let y = 0; y < picture.height; y++) {
      const row = picture.pixels.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
      pixels.set(row, ((top + y) * width + left) * 3);
    }
    left += picture.width + GAP;
  }
  return { width, height, pixels };
}
