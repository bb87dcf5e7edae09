import { type Grid, type Image, voxelCount } from '@voxhost/sdk';
import { type AxisTurn, axisTurns } from '../lazy/axcodes.js';
import { beside, type Raster } from './raster.js';

export interface SliceOptions {
  /** Values that become black and white; default the 0.5th and 99.5th percentile of the first channel. */
  readonly window?: readonly [black: number, white: number];
  /** Pixels along the volume's longest edge; default 256. */
  readonly edge?: number;
}

/** A view: the turned axes that run right and down, and whether they run backwards. */
interface View {
  readonly right: number;
  readonly down: number;
  readonly isUpward: boolean;
}

/** In LPS, as radiologists look: the patient's left on the right side, superior or anterior up. */
const VIEWS: readonly View[] = [
  { right: 0, down: 1, isUpward: false }, // axial
  { right: 0, down: 2, isUpward: true }, // coronal
  { right: 1, down: 2, isUpward: true }, // sagittal
];

const GAP = 4;

/**
 * The three orthogonal slices through the middle of a volume along its own axes, the closest to the patient's;
 * of a picture, itself. Pixels are square, in between is linear. Three channels of bytes are colours,
 * else the first channel is grey.
 */
export function drawSlices(image: Image, options: SliceOptions = {}): Raster {
  const dims = image.grid.size.length;
  const turned = turn(image, axisTurns(image.grid, 'LPS'.slice(0, dims)));
  const [black, white] = options.window ?? percentileWindow(image);
  const toByte = (value: number): number => ((value - black) / (white - black || 1)) * 255;
  const pixelMm = Math.max(...turned.extentMm) / (options.edge ?? 256);
  const panels = VIEWS.slice(0, dims === 2 ? 1 : 3).map((view) =>
    drawView(turned, view, pixelMm, toByte),
  );
  return beside(panels, GAP);
}

/** A volume as seen along the patient's axes: how to step through its pixels. */
interface Turned {
  readonly image: Image;
  readonly channels: 1 | 3;
  readonly size: readonly number[];
  readonly extentMm: readonly number[];
  readonly strides: readonly number[];
  readonly first: number;
}

function turn(image: Image, turns: readonly AxisTurn[]): Turned {
  const { size, spacing }: Grid = image.grid;
  const steps = size.map((_, axis) => voxelCount(size.slice(0, axis)));
  const of = (values: readonly number[], axis: number): number => values[axis] ?? 1;
  return {
    image,
    channels: image.channels === 3 && image.pixelType === 'uint8' ? 3 : 1,
    size: turns.map(({ axis }) => of(size, axis)),
    extentMm: turns.map(({ axis }) => of(size, axis) * of(spacing, axis)),
    strides: turns.map(({ axis, flip }) => (flip ? -1 : 1) * of(steps, axis)),
    first: turns.reduce(
      (at, { axis, flip }) => (flip ? at + of(steps, axis) * (of(size, axis) - 1) : at),
      0,
    ),
  };
}

function drawView(
  turned: Turned,
  view: View,
  pixelMm: number,
  toByte: (value: number) => number,
): Raster {
  const { size, extentMm, strides, channels, image } = turned;
  const pixels = (axis: number): number => Math.max(1, Math.round((extentMm[axis] ?? 0) / pixelMm));
  const [width, height] = [pixels(view.right), pixels(view.down)];
  const middle = size.reduce((at, n, axis) => {
    const isShown = axis === view.right || axis === view.down;
    return isShown ? at : at + (strides[axis] ?? 0) * Math.floor(n / 2);
  }, turned.first);
  const columns = taps(width, size[view.right] ?? 1, strides[view.right] ?? 0, false);
  const rows = taps(height, size[view.down] ?? 1, strides[view.down] ?? 0, view.isUpward);
  const data = new Uint8ClampedArray(width * height * channels);
  const plane = voxelCount(image.grid.size);
  let i = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let c = 0; c < channels; c++) {
        data[i++] = toByte(bilinear(image.data, middle + c * plane, row, column));
      }
    }
  }
  return { width, height, channels, data: new Uint8Array(data.buffer) };
}

/** Two neighbours of a pixel along one axis, as offsets, and the weight of the second. */
interface Tap {
  readonly near: number;
  readonly far: number;
  readonly weight: number;
}

function taps(pixels: number, voxels: number, stride: number, isUpward: boolean): readonly Tap[] {
  return Array.from({ length: pixels }, (_, p) => {
    const along = ((isUpward ? pixels - 1 - p : p) + 0.5) / pixels;
    const x = Math.min(voxels - 1, Math.max(0, along * voxels - 0.5));
    const near = Math.floor(x);
    return {
      near: near * stride,
      far: Math.min(voxels - 1, near + 1) * stride,
      weight: x - near,
    };
  });
}

function bilinear(data: ArrayLike<number>, at: number, row: Tap, column: Tap): number {
  const line = (offset: number): number => {
    const near = data[at + offset + column.near] ?? 0;
    return column.weight === 0
      ? near
      : near + column.weight * ((data[at + offset + column.far] ?? 0) - near);
  };
  const near = line(row.near);
  return row.weight === 0 ? near : near + row.weight * (line(row.far) - near);
}

/** So many values are enough to find a window. */
const SAMPLED = 100_000;

function percentileWindow({ data, grid }: Image): readonly [number, number] {
  const count = voxelCount(grid.size);
  const step = Math.max(1, Math.floor(count / SAMPLED));
  const values: number[] = [];
  for (let i = 0; i < count; i += step) {
    const value = data[i] ?? 0;
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (fraction: number): number => values[Math.round(fraction * (values.length - 1))] ?? 0;
  return [at(0.005), at(0.995)];
}
