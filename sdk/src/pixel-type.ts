import { VoxhostError } from './errors.js';
import { show } from './show.js';

/** Which array holds the pixels of each type. */
export interface PixelArrays {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly uint16: Uint16Array;
  readonly int16: Int16Array;
  readonly uint32: Uint32Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** The numeric type of one pixel component. 64-bit integers have none: io reads them as float64. */
export type PixelType = keyof PixelArrays;

/** Pixels in memory: planar by channel, x fastest. */
export type Pixels = PixelArrays[PixelType];

/** What the host and its backends need to know of a pixel type. */
export interface PixelTypeFacts {
  readonly bytes: 1 | 2 | 4 | 8;
  /** Smallest and largest value an integer type holds; absent for float types. */
  readonly range?: readonly [min: number, max: number];
}

const FACTS: { readonly [P in PixelType]: PixelTypeFacts } = {
  uint8: { bytes: 1, range: [0, 255] },
  int8: { bytes: 1, range: [-128, 127] },
  uint16: { bytes: 2, range: [0, 65535] },
  int16: { bytes: 2, range: [-32768, 32767] },
  uint32: { bytes: 4, range: [0, 4294967295] },
  int32: { bytes: 4, range: [-2147483648, 2147483647] },
  float32: { bytes: 4 },
  float64: { bytes: 8 },
};

const ALLOCATE: { readonly [P in PixelType]: (length: number) => PixelArrays[P] } = {
  uint8: (length) => new Uint8Array(length),
  int8: (length) => new Int8Array(length),
  uint16: (length) => new Uint16Array(length),
  int16: (length) => new Int16Array(length),
  uint32: (length) => new Uint32Array(length),
  int32: (length) => new Int32Array(length),
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
};

const TAGS: { readonly [tag: string]: PixelType } = {
  Uint8Array: 'uint8',
  Int8Array: 'int8',
  Uint16Array: 'uint16',
  Int16Array: 'int16',
  Uint32Array: 'uint32',
  Int32Array: 'int32',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/** Every pixel type, narrow to wide. */
export const PIXEL_TYPES: readonly PixelType[] = Object.keys(FACTS) as PixelType[];

/** Its bytes and range. */
export const pixelTypeFacts = (pixelType: PixelType): PixelTypeFacts => FACTS[pixelType];

/** Does float32 hold every value of the type as it is? */
export const fitsFloat32 = (pixelType: PixelType): boolean =>
  pixelType === 'float32' || FACTS[pixelType].bytes < 4;

/** Zero-filled pixels; `length` counts components, all channels together. Throws `BAD_ARGUMENT` where none are to be had. */
export function allocatePixels<P extends PixelType>(pixelType: P, length: number): PixelArrays[P] {
  const allocate = Object.hasOwn(ALLOCATE, pixelType) ? ALLOCATE[pixelType] : undefined;
  if (allocate === undefined || !Number.isSafeInteger(length) || length < 0) {
    const [argument, found] = allocate
      ? (['length', length] as const)
      : (['pixelType', pixelType] as const);
    throw badAllocation(argument, `is ${show(found)}, which no pixels have`);
  }
  try {
    return allocate(length);
  } catch (cause) {
    throw badAllocation('length', `is ${length}, for which there is no memory`, cause);
  }
}

const badAllocation = (argument: string, reason: string, cause?: unknown): VoxhostError =>
  new VoxhostError('BAD_ARGUMENT', { argument, reason }, cause);

/** The pixel type whose array this is, recognised by its tag so that arrays of another realm count. */
export function pixelTypeOf(data: unknown): PixelType | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  const tag = (data as Partial<Pixels>)[Symbol.toStringTag] ?? '';
  return Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
}

/** Nearest integer, ties to even, as IEEE 754 and torch round. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * The value that a pixel of this type holds for `value`: float types keep it (float32 rounds),
 * integer types round half to even and saturate, and NaN becomes 0.
 */
export function toPixelValue(value: number, pixelType: PixelType): number {
  const range = FACTS[pixelType].range;
  if (range === undefined) return pixelType === 'float32' ? Math.fround(value) : value;
  if (Number.isNaN(value)) return 0;
  return Math.min(range[1], Math.max(range[0], roundHalfEven(value)));
}
