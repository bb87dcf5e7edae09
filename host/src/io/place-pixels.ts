import { type Pixels, type PixelType, pixelTypeFacts, toPixelValue } from '@voxhost/sdk';
import { HOST_IS_LITTLE_ENDIAN, type Scale, type StoredType, storedBytes } from './stored-type.js';

/** Where a run of stored numbers goes in memory. */
export interface Placement {
  readonly out: Pixels;
  readonly pixelType: PixelType;
  readonly scale: Scale | undefined;
  /** Numbers that lie together per voxel in the file; 1 when the file is planar. */
  readonly together: number;
  /** Voxels of one plane. */
  readonly voxels: number;
  /** Room for the numbers of one step, used again and again. */
  readonly scratch: Float64Array;
}

/** Whole numbers above this are not all distinct in float64. */
const LARGEST_EXACT = 2 ** 53;

/**
 * Writes stored numbers, which start at number `start` of the file, to their planes, scaled and converted.
 *
 * @param bytes - in this machine's byte order, a whole number of voxels
 * @returns whether every 64-bit integer was exact in float64
 */
export function placePixels(
  bytes: Uint8Array,
  stored: StoredType,
  start: number,
  placement: Placement,
): boolean {
  const { values, exact } = numbersOf(bytes, stored, placement.scratch);
  if (placement.scale !== undefined) applyScale(values, placement.scale);
  const converted = convert(values, placement);
  if (placement.together === 1) placement.out.set(converted, start);
  else scatter(converted, start, placement);
  return exact;
}

function numbersOf(
  bytes: Uint8Array,
  stored: StoredType,
  scratch: Float64Array,
): { values: Float64Array; exact: boolean } {
  const values = scratch.subarray(0, bytes.length / storedBytes(stored));
  if (stored === 'int64' || stored === 'uint64') {
    return { values, exact: takeWide(bytes, stored, values) };
  }
  values.set(viewOf(bytes, stored));
  return { values, exact: true };
}

/** The bytes as numbers of a pixel type; `bytes` is aligned to it. */
export function viewOf(
  bytes: Pick<Uint8Array, 'buffer' | 'byteOffset' | 'length'>,
  pixelType: PixelType,
): Pixels {
  const { buffer, byteOffset } = bytes;
  const length = bytes.length / pixelTypeFacts(pixelType).bytes;
  switch (pixelType) {
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, length);
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'int16':
      return new Int16Array(buffer, byteOffset, length);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    default:
      return pixelType satisfies never;
  }
}

/** Whether every number is exact in float64. */
function takeWide(bytes: Uint8Array, stored: 'int64' | 'uint64', values: Float64Array): boolean {
  const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const high = HOST_IS_LITTLE_ENDIAN ? 1 : 0;
  let exact = true;
  for (let i = 0; i < values.length; i++) {
    const top = halves[2 * i + high];
    const low = halves[2 * i + 1 - high];
    const value = (stored === 'int64' ? top | 0 : top) * 2 ** 32 + low;
    values[i] = value;
    const size = Math.abs(value);
    if (size > LARGEST_EXACT || (size === LARGEST_EXACT && low !== 0)) exact = false;
  }
  return exact;
}

function applyScale(values: Float64Array, { slope, intercept }: Scale): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i] * slope + intercept;
}

/** Float types round on assignment; integer types round half to even and saturate here. */
function convert(values: Float64Array, { pixelType }: Placement): Float64Array {
  if (pixelTypeFacts(pixelType).range === undefined) return values;
  for (let i = 0; i < values.length; i++) values[i] = toPixelValue(values[i], pixelType);
  return values;
}

/** Number e of the file is component e mod C of voxel ⌊e / C⌋, counted through all frames. */
function scatter(values: Float64Array, start: number, { out, together, voxels }: Placement): void {
  for (let c = 0; c < together; c++) {
    let voxel = start / together;
    for (let i = c; i < values.length; i += together) {
      const frame = Math.floor(voxel / voxels);
      out[(frame * together + c) * voxels + (voxel - frame * voxels)] = values[i];
      voxel++;
    }
  }
}
