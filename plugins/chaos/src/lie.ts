import {
  allocatePixels,
  type IndexMap,
  type Measured,
  type Pixels,
  type PixelType,
  pixelTypeOf,
  type Resampled,
} from '@voxhost/sdk';
import type { Misdeed } from './fault.js';

/** The result as a liar gives it. */
export function lieAboutPixels(misdeed: Misdeed | undefined, { data }: Resampled): Resampled {
  const type = pixelTypeOf(data) as PixelType;
  switch (misdeed) {
    case 'short':
      return { data: data.subarray(0, data.length - 1) as Pixels };
    case 'wrong-type':
      return { data: allocatePixels(type === 'uint8' ? 'float32' : 'uint8', data.length) };
    case 'not-into':
      return { data: data.slice() as Pixels };
    case 'outside':
      writeBehind(data);
      return { data };
    case 'off-by-one':
      data.copyWithin(1, 0);
      return { data };
    case 'nothing':
      return undefined as unknown as Resampled;
    case 'last-slice':
      data.fill(1, Math.floor(data.length * 0.9));
      return { data };
    case 'noise':
      data.forEach((value, at) => {
        data[at] = value * (1 + Math.random() / 100);
      });
      return { data };
    case 'nan':
      data.fill(Number.NaN);
      return { data };
    default:
      return { data };
  }
}

/** The map as a liar reads it: of an affine, half a voxel off, or with x and y exchanged. */
export function lieAboutMap(misdeed: Misdeed | undefined, map: IndexMap): IndexMap {
  if (map.kind !== 'affine') return map;
  const dims = map.matrix.length === 6 ? 2 : 3;
  const matrix = map.matrix.slice();
  if (misdeed === 'half-voxel') matrix[dims] = (matrix[dims] ?? 0) + 0.5;
  if (misdeed === 'swapped-axes') matrix.set([map.matrix[1] ?? 0, map.matrix[0] ?? 0]);
  return { ...map, matrix };
}

/** The bytes after the array, as far as its memory goes: what a loop with a wrong bound writes. */
function writeBehind({ buffer, byteOffset, byteLength }: Pixels): void {
  const end = byteOffset + byteLength;
  new Uint8Array(buffer, end, Math.min(64, buffer.byteLength - end)).fill(0xa5);
}

export function lieAboutMetric(misdeed: Misdeed | undefined, measured: Measured): Measured {
  switch (misdeed) {
    case 'short':
      return { ...measured, derivative: new Float64Array(1) };
    case 'wrong-type':
      return { ...measured, value: 'small' as unknown as number };
    case 'off-by-one':
      return { ...measured, samples: -1 };
    case 'nothing':
      return undefined as unknown as Measured;
    default:
      return measured;
  }
}
