import { createGrid, type GridInput, indexToPhysical, voxelCount } from '../grid.js';
import { createImage, type Image } from '../image.js';
import { applyAffine } from '../matrix.js';
import { allocatePixels, type PixelType, toPixelValue } from '../pixel-type.js';

/** A value at a point: an index, or a physical point in millimetres, as the phantom says. */
export type Profile = (point: Float64Array) => number;

/** An image of what a profile is worth at each index (axes x, y, z). */
export function imageOfIndex(
  grid: GridInput,
  profile: Profile,
  pixelType: PixelType = 'float32',
): Image {
  const { size } = grid;
  const data = allocatePixels(pixelType, voxelCount(size));
  const index = new Float64Array(size.length);
  for (let at = 0; at < data.length; at++) {
    let rest = at;
    for (let a = 0; a < size.length; a++) {
      index[a] = rest % size[a];
      rest = Math.floor(rest / size[a]);
    }
    data[at] = toPixelValue(profile(index), pixelType);
  }
  return createImage(createGrid(grid), data);
}

/** An image of what a profile is worth at each physical point, millimetres, LPS. */
export function imageOfPoint(
  grid: GridInput,
  profile: Profile,
  pixelType: PixelType = 'float32',
): Image {
  const toPhysical = indexToPhysical(createGrid(grid));
  const point = new Float64Array(grid.size.length);
  return imageOfIndex(
    grid,
    (index) => {
      applyAffine(toPhysical, index, point);
      return profile(point);
    },
    pixelType,
  );
}

/** offset + Σ slopes[a] · x_a: linear, keys-0.5 and every inner B-spline reproduce it. */
export const ramp =
  (slopes: readonly number[], offset = 0): Profile =>
  (point) =>
    slopes.reduce((sum, slope, a) => sum + slope * point[a], offset);

/** Σ curvatures[a] · (x_a - centre[a])²: keys-0.5 reproduces it, linear does not. */
export const quadratic =
  (curvatures: readonly number[], centre: readonly number[]): Profile =>
  (point) =>
    curvatures.reduce((sum, curvature, a) => sum + curvature * (point[a] - centre[a]) ** 2, 0);

/** A round Gaussian, in the units of the points that it is asked for. */
export interface Blob {
  readonly centre: readonly number[];
  /** Standard deviation. */
  readonly sigma: number;
  readonly height: number;
}

/** A sum of round Gaussians: smooth everywhere, flat far away. */
export const gaussianBlobs =
  (blobs: readonly Blob[]): Profile =>
  (point) =>
    blobs.reduce((sum, { centre, sigma, height }) => {
      const squares = centre.reduce((s, c, a) => s + (point[a] - c) ** 2, 0);
      return sum + height * Math.exp(-squares / (2 * sigma * sigma));
    }, 0);

/** 0 and 1 in cells of `period` indices: whatever moves by half a voxel shows. */
export const checkerboard =
  (period = 1): Profile =>
  (point) =>
    point.reduce((sum, x) => sum + Math.floor(x / period), 0) % 2 === 0 ? 0 : 1;

/** One ellipsoid of a head: what is inside adds `value`. */
interface Ellipsoid {
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly value: number;
}

/** Skin, skull, brain, ventricles, a lesion off the middle: millimetres about the centre, LPS; values like CT's. */
const HEAD: readonly Ellipsoid[] = [
  { centre: [0, 0, 0], radii: [76, 96, 88], value: 1040 },
  { centre: [0, 0, 0], radii: [70, 90, 82], value: 960 },
  { centre: [0, 0, 0], radii: [63, 83, 75], value: -965 },
  { centre: [-12, 8, 10], radii: [7, 26, 12], value: -30 },
  { centre: [12, 8, 10], radii: [7, 26, 12], value: -30 },
  { centre: [30, -28, 20], radii: [10, 12, 9], value: 45 },
  { centre: [0, -92, -12], radii: [11, 20, 16], value: 1030 },
];

/**
 * A head in physical space, Hounsfield units: air -1000, skull 1000, brain 35; left and right differ. In two
 * dimensions it is the slice z = 0.
 *
 * @param scale - 1 is an adult's head, 176 × 192 × 176 mm
 */
export const headPhantom =
  (scale = 1): Profile =>
  (point) => {
    let value = -1000;
    for (const { centre, radii, value: adds } of HEAD) {
      let radius = 0;
      for (let a = 0; a < 3; a++) {
        radius += (((point[a] ?? 0) / scale - centre[a]) / radii[a]) ** 2;
      }
      if (radius <= 1) value += adds;
    }
    return value;
  };
