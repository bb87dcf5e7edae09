import { type Image, voxelCount } from '@voxhost/sdk';
import type { AnalysingTransform, DefinedTransform } from '../lazy/transform.js';
import { borderPad } from './border-pad.js';
import { bad, perAxis } from './define.js';
import { spatialCrop } from './spatial-crop.js';
import type { PadParams } from './spatial-pad.js';

export type CropForegroundParams = PadParams & {
  /** Values above it are foreground. Default 0. */
  readonly threshold?: number;
  /** Channels looked at. Default all. */
  readonly channel_indices?: number | readonly number[] | null;
  /** Voxels around the box. Default 0. */
  readonly margin?: number | readonly number[];
  /** Keep within the image instead of padding. Default false. */
  readonly allow_smaller?: boolean;
  /** Make each side a multiple. Default 1. */
  readonly k_divisible?: number | readonly number[];
};

/** A box of whole voxels, which may reach beyond the image. */
export interface Box {
  readonly start: readonly number[];
  readonly end: readonly number[];
}

/** Cuts to the box of the foreground; reads voxels. What lies beyond the image is padded. */
export function cropForeground(
  params: CropForegroundParams = {},
  source?: string,
): AnalysingTransform {
  return Object.freeze({
    kind: 'analysing',
    name: 'CropForeground',
    params,
    ...(source !== undefined && { source }),
    analyse: (image: Image) => cropTo(foregroundBox(image, params), image.grid.size, params),
  });
}

/** The box that `CropForeground` would cut to. Throws `BAD_ARGUMENT` where nothing is foreground. */
export function foregroundBox(image: Image, params: CropForegroundParams): Box {
  const { size } = image.grid;
  const found = boundingBox(image, params);
  const margin = perAxis(params.margin ?? 0, size.length);
  const multiple = perAxis(params.k_divisible ?? 1, size.length);
  const clip = (value: number, a: number): number =>
    params.allow_smaller ? Math.min(Math.max(value, 0), size[a]) : value;
  const start = found.start.map((s, a) => clip(s - margin[a], a));
  const end = found.end.map((e, a) => clip(e + margin[a], a));
  const extra = start.map((s, a) => {
    const side = end[a] - s;
    return multiple[a] > 0 ? Math.ceil(side / multiple[a]) * multiple[a] - side : 0;
  });
  const first = start.map((s, a) => s - Math.floor(extra[a] / 2));
  return { start: first, end: first.map((s, a) => s + end[a] - start[a] + extra[a]) };
}

function boundingBox(image: Image, params: CropForegroundParams): Box {
  const { size } = image.grid;
  const { threshold = 0, channel_indices } = params;
  const [nx, ny] = size;
  const plane = voxelCount(size);
  const channels = typeof channel_indices === 'number' ? [channel_indices] : channel_indices;
  const start = [...size];
  const end = size.map(() => 0);
  for (let at = 0; at < image.data.length; at++) {
    if (!(image.data[at] > threshold)) continue;
    if (channels != null && !channels.includes(Math.floor(at / plane))) continue;
    const inPlane = at % plane;
    const index = [inPlane % nx, Math.floor(inPlane / nx) % ny, Math.floor(inPlane / (nx * ny))];
    for (let a = 0; a < size.length; a++) {
      start[a] = Math.min(start[a], index[a]);
      end[a] = Math.max(end[a], index[a] + 1);
    }
  }
  if (end.every((e) => e > 0)) return { start, end };
  throw bad('threshold', `${threshold} leaves no foreground; lower it`);
}

function cropTo(box: Box, size: readonly number[], params: PadParams): readonly DefinedTransform[] {
  const before = box.start.map((s) => Math.max(0 - s, 0));
  const behind = box.end.map((e, a) => Math.max(e - size[a], 0));
  const crop = spatialCrop({ roi_start: box.start, roi_end: box.end });
  if (before.every((w) => w === 0) && behind.every((w) => w === 0)) return [crop];
  const spatial_border = before.flatMap((w, a) => [w, behind[a]]);
  return [crop, borderPad({ ...padParams(params), spatial_border })];
}

const padParams = ({ mode, value }: PadParams): PadParams => ({
  ...(mode !== undefined && { mode }),
  ...(value !== undefined && { value }),
});
