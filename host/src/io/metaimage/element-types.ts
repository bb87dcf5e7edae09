import type { PixelType } from '@voxhost/sdk';
import type { StoredType } from '../stored-type.js';

/** MetaIO's names. MET_LONG is 4 bytes on every platform; 8 bytes are MET_LONG_LONG. */
export const ELEMENT_TYPES: { readonly [name: string]: StoredType | undefined } = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

export const ELEMENT_NAMES: { readonly [P in PixelType]: string } = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};
