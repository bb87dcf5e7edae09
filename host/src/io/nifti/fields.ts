import { faultIn } from '../bad-file.js';

/** The fields of a NIfTI-1 or NIfTI-2 header that say what the pixels are and where they lie. */
export interface NiftiFields {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** `n+1`: pixels follow in the same file; `ni1`: they are in the .img beside it. */
  readonly single: boolean;
  /** dim[0] is the number of axes. */
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly pixdim: readonly number[];
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** quatern_b, c, d. */
  readonly quaternion: readonly number[];
  readonly qoffset: readonly number[];
  /** srow_x, srow_y, srow_z: 3 × 4. */
  readonly srow: readonly number[];
  readonly units: number;
  readonly intent: number;
}

export const HEADER_BYTES = { 1: 348, 2: 540 } as const;

/** The magic's first letters: `n+` single file, `ni` two files. */
const MAGIC = { single: 'n+', pair: 'ni' } as const;

/** Decodes the header at the front of `bytes`, of either version and byte order. Throws its fault. */
export function decodeFields(bytes: Uint8Array): NiftiFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { version, littleEndian } = identify(view);
  if (bytes.length < HEADER_BYTES[version]) {
    throw faultIn('header', `ends after ${bytes.length} of ${HEADER_BYTES[version]} bytes`);
  }
  const single = magicOf(bytes, version);
  const fields = version === 1 ? decode1(view, littleEndian) : decode2(view, littleEndian);
  return { version, littleEndian, single, ...fields };
}

function identify(view: DataView): { version: 1 | 2; littleEndian: boolean } {
  if (view.byteLength >= 4) {
    for (const littleEndian of [true, false]) {
      const size = view.getInt32(0, littleEndian);
      if (size === HEADER_BYTES[1]) return { version: 1, littleEndian };
      if (size === HEADER_BYTES[2]) return { version: 2, littleEndian };
    }
  }
  const remedy = 'give it the extension of its true format, or write it again';
  throw faultIn('sizeof_hdr', 'is neither 348 nor 540: this is no NIfTI file', remedy);
}

function magicOf(bytes: Uint8Array, version: 1 | 2): boolean {
  const at = version === 1 ? 344 : 4;
  const magic = String.fromCharCode(...bytes.subarray(at, at + 3));
  if (magic === `${MAGIC.single}${version}`) return true;
  if (magic === `${MAGIC.pair}${version}`) return false;
  const remedy = 'convert an Analyze 7.5 file, which has no orientation, to NIfTI';
  throw faultIn('magic', `is not "n+${version}" or "ni${version}"`, remedy);
}

type Decoded = Omit<NiftiFields, 'version' | 'littleEndian' | 'single'>;

const list = (length: number, at: (i: number) => number): number[] =>
  Array.from({ length }, (_, i) => at(i));

function decode1(view: DataView, le: boolean): Decoded {
  const float = (at: number) => (i: number) => view.getFloat32(at + 4 * i, le);
  return {
    dim: list(8, (i) => view.getInt16(40 + 2 * i, le)),
    datatype: view.getInt16(70, le),
    pixdim: list(8, float(76)),
    voxOffset: float(108)(0),
    slope: float(112)(0),
    intercept: float(116)(0),
    qformCode: view.getInt16(252, le),
    sformCode: view.getInt16(254, le),
    quaternion: list(3, float(256)),
    qoffset: list(3, float(268)),
    srow: list(12, float(280)),
    units: view.getUint8(123),
    intent: view.getInt16(68, le),
  };
}

function decode2(view: DataView, le: boolean): Decoded {
  const double = (at: number) => (i: number) => view.getFloat64(at + 8 * i, le);
  return {
    dim: list(8, (i) => Number(view.getBigInt64(16 + 8 * i, le))),
    datatype: view.getInt16(12, le),
    pixdim: list(8, double(104)),
    voxOffset: Number(view.getBigInt64(168, le)),
    slope: double(176)(0),
    intercept: double(184)(0),
    qformCode: view.getInt32(344, le),
    sformCode: view.getInt32(348, le),
    quaternion: list(3, double(352)),
    qoffset: list(3, double(376)),
    srow: list(12, double(400)),
    units: view.getInt32(500, le),
    intent: view.getInt32(504, le),
  };
}

/** Encodes a little-endian header; what `fields` does not name is 0. */
export function encodeFields(fields: NiftiFields): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES[fields.version]);
  const view = new DataView(bytes.buffer);
  const magic = `${fields.single ? MAGIC.single : MAGIC.pair}${fields.version}`;
  view.setInt32(0, HEADER_BYTES[fields.version], true);
  if (fields.version === 1) encode1(view, fields);
  else encode2(view, fields);
  const tail = fields.version === 1 ? '\0' : '\0\r\n\x1a\n';
  bytes.set(Buffer.from(magic + tail, 'latin1'), fields.version === 1 ? 344 : 4);
  return bytes;
}

function encode1(view: DataView, f: NiftiFields): void {
  const floats = (at: number, values: readonly number[]) =>
    values.forEach((v, i) => {
      view.setFloat32(at + 4 * i, v, true);
    });
  f.dim.forEach((n, i) => {
    view.setInt16(40 + 2 * i, n, true);
  });
  view.setInt16(68, f.intent, true);
  view.setInt16(70, f.datatype, true);
  view.setInt16(72, bitsOf(f.datatype), true);
  floats(76, f.pixdim);
  floats(108, [f.voxOffset, f.slope, f.intercept]);
  view.setUint8(123, f.units);
  view.setInt16(252, f.qformCode, true);
  view.setInt16(254, f.sformCode, true);
  floats(256, [...f.quaternion, ...f.qoffset, ...f.srow]);
}

function encode2(view: DataView, f: NiftiFields): void {
  const doubles = (at: number, values: readonly number[]) =>
    values.forEach((v, i) => {
      view.setFloat64(at + 8 * i, v, true);
    });
  view.setInt16(12, f.datatype, true);
  view.setInt16(14, bitsOf(f.datatype), true);
  f.dim.forEach((n, i) => {
    view.setBigInt64(16 + 8 * i, BigInt(n), true);
  });
  doubles(104, f.pixdim);
  view.setBigInt64(168, BigInt(f.voxOffset), true);
  doubles(176, [f.slope, f.intercept]);
  view.setInt32(344, f.qformCode, true);
  view.setInt32(348, f.sformCode, true);
  doubles(352, [...f.quaternion, ...f.qoffset, ...f.srow]);
  view.setInt32(500, f.units, true);
  view.setInt32(504, f.intent, true);
}

const bitsOf = (datatype: number): number => DATATYPES[datatype]?.bits ?? 0;

/** NIfTI's datatype codes: those that can be read, by what they store, and the names of the others. */
export const DATATYPES: {
  readonly [code: number]: {
    readonly bits: number;
    readonly stored?: import('../stored-type.js').StoredType;
    readonly components?: number;
    readonly name?: string;
  };
} = {
  2: { bits: 8, stored: 'uint8' },
  4: { bits: 16, stored: 'int16' },
  8: { bits: 32, stored: 'int32' },
  16: { bits: 32, stored: 'float32' },
  64: { bits: 64, stored: 'float64' },
  128: { bits: 24, stored: 'uint8', components: 3 },
  256: { bits: 8, stored: 'int8' },
  512: { bits: 16, stored: 'uint16' },
  768: { bits: 32, stored: 'uint32' },
  1024: { bits: 64, stored: 'int64' },
  1280: { bits: 64, stored: 'uint64' },
  2304: { bits: 32, stored: 'uint8', components: 4 },
  1: { bits: 1, name: 'binary' },
  32: { bits: 64, name: 'complex64' },
  1536: { bits: 128, name: 'float128' },
  1792: { bits: 128, name: 'complex128' },
  2048: { bits: 256, name: 'complex256' },
};
