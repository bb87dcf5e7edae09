import {
  createImage,
  type Grid,
  type Image,
  isVoxhostError,
  type Lattice,
  PIXEL_TYPES,
  type Pixels,
  type PixelType,
  pixelTypeFacts,
  voxelCount,
} from '@voxhost/sdk';
import { BrokenContract, type Fields } from './message.js';
import { readCount, readCounts, readObject, readWord } from './read-fields.js';
import { fromWireList, toWireList } from './wire-number.js';

/** What crosses once, by number. */
export type Shared = Image | Lattice;

export interface EncodedObject {
  readonly fields: Fields;
  readonly data: Pixels;
}

const isImage = (object: Shared): object is Image => 'grid' in object;

export function encodeObject(object: Shared): EncodedObject {
  return isImage(object) ? encodeImage(object) : encodeLattice(object);
}

function encodeImage({ pixelType, channels, grid, data }: Image): EncodedObject {
  return { fields: { image: { pixelType, channels, grid: encodeGrid(grid) } }, data };
}

function encodeLattice({ size, order, outside, data }: Lattice): EncodedObject {
  const type = data.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64';
  return { fields: { lattice: { size, order, outside, type } }, data };
}

const encodeGrid = ({ size, spacing, origin, direction }: Grid): Fields => ({
  size,
  spacing: toWireList(spacing),
  origin: toWireList(origin),
  direction: toWireList(direction),
});

/** The object of a `put`; throws `BrokenContract` where the fields and the blob are no image and no lattice. */
export function decodeObject(fields: Fields, blob: ArrayBuffer): Shared {
  return Object.hasOwn(fields, 'lattice')
    ? decodeLattice(readObject(fields, 'lattice'), blob)
    : decodeImage(readObject(fields, 'image'), blob);
}

function decodeImage(fields: Fields, blob: ArrayBuffer): Image {
  const data = pixelsOver(readWord(fields, 'pixelType', PIXEL_TYPES), blob);
  try {
    return createImage(decodeGrid(readObject(fields, 'grid')), data, readCount(fields, 'channels'));
  } catch (error) {
    if (isVoxhostError(error)) throw new BrokenContract(error.message, { cause: error });
    throw error;
  }
}

const decodeGrid = (fields: Fields): Grid => ({
  size: readCounts(fields, 'size'),
  spacing: fromWireList(fields['spacing'], 'spacing'),
  origin: fromWireList(fields['origin'], 'origin'),
  direction: fromWireList(fields['direction'], 'direction'),
});

function decodeLattice(fields: Fields, blob: ArrayBuffer): Lattice {
  const size = readCounts(fields, 'size');
  const order = readCount(fields, 'order');
  if (order !== 1 && order !== 3) throw new BrokenContract(`a lattice has no order ${order}`);
  const outside = readWord(fields, 'outside', ['zero', 'buffer', 'edge']);
  const data = pixelsOver(readWord(fields, 'type', ['float32', 'float64']), blob);
  if (data.length !== size.length * voxelCount(size))
    throw new BrokenContract(`a lattice of [${size}] has no ${data.length} coefficients`);
  return Object.freeze({ size, order, outside, data }) as Lattice;
}

/** The bytes of a blob as pixels, not copied. */
export function pixelsOver(pixelType: PixelType, blob: ArrayBuffer): Pixels {
  if (blob.byteLength % pixelTypeFacts(pixelType).bytes !== 0)
    throw new BrokenContract(`${blob.byteLength} bytes are no whole number of ${pixelType}`);
  return new ARRAYS[pixelType](blob);
}

const ARRAYS: { readonly [P in PixelType]: new (buffer: ArrayBuffer) => Pixels } = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};
