import type { PixelType } from '@voxhost/sdk';
import { faultIn } from '../bad-file.js';
import { type StoredType, storedBytes } from '../stored-type.js';

/** Teem's names of each type (http://teem.sourceforge.net/nrrd/format.html#type). */
const NAMES: { readonly [S in StoredType]: readonly string[] } = {
  int8: ['int8', 'int8_t', 'signed char'],
  uint8: ['uint8', 'uint8_t', 'uchar', 'unsigned char'],
  int16: ['int16', 'int16_t', 'short', 'short int', 'signed short', 'signed short int'],
  uint16: ['uint16', 'uint16_t', 'ushort', 'unsigned short', 'unsigned short int'],
  int32: ['int32', 'int32_t', 'int', 'signed int'],
  uint32: ['uint32', 'uint32_t', 'uint', 'unsigned int'],
  int64: [
    'int64',
    'int64_t',
    'longlong',
    'long long',
    'long long int',
    'signed long long',
    'signed long long int',
  ],
  uint64: ['uint64', 'uint64_t', 'ulonglong', 'unsigned long long', 'unsigned long long int'],
  float32: ['float'],
  float64: ['double'],
};

export function storedOf(type: string): { readonly stored: StoredType; readonly bytes: number } {
  const wanted = type.toLowerCase().replace(/\s+/g, ' ');
  for (const [stored, names] of Object.entries(NAMES) as [StoredType, readonly string[]][]) {
    if (names.includes(wanted)) return { stored, bytes: storedBytes(stored) };
  }
  throw faultIn('type', `"${type.slice(0, 40)}" is not supported`);
}

/** The name to write. */
export const nrrdType = (pixelType: PixelType): string => NAMES[pixelType][0];
