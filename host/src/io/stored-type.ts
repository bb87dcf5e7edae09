import type { PixelType } from '@voxhost/sdk';

/** How a file stores one number: our pixel types, and 64-bit integers, which become float64. */
export type StoredType = PixelType | 'int64' | 'uint64';

const BYTES: { readonly [S in StoredType]: 1 | 2 | 4 | 8 } = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
  int64: 8,
  uint64: 8,
};

export const storedBytes = (stored: StoredType): 1 | 2 | 4 | 8 => BYTES[stored];

/** Whether this machine stores the lowest byte first. */
export const HOST_IS_LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** slope · stored + intercept. */
export interface Scale {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The pixel type in memory when the caller asks for none: as stored; 64-bit integers become float64. Scaled
 * values become float32, or float64 where float32 could not tell the stored numbers apart (32-bit and wider).
 */
export function naturalPixelType(stored: StoredType, scale: Scale | undefined): PixelType {
  if (stored === 'int64' || stored === 'uint64') return 'float64';
  if (scale === undefined) return stored;
  return stored === 'float32' || BYTES[stored] < 4 ? 'float32' : 'float64';
}

/** Reverses the bytes of each number of `width` bytes, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}
