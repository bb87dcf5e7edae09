import { own } from '../../own.js';
import { faultIn } from '../bad-file.js';

/** The elements of one DICOM file that say which slice it is. */
export interface DicomSlice {
  /** SeriesInstanceUID (0020,000E). */
  readonly series: string;
  /** ImagePositionPatient (0020,0032), LPS mm. */
  readonly position: readonly number[];
  /** ImageOrientationPatient (0020,0037): directions of a row, then of a column. */
  readonly orientation: readonly number[];
  /** PixelSpacing (0028,0030): between rows, then between columns. */
  readonly spacing: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** NumberOfFrames (0028,0008); 1 where it is absent. */
  readonly frames: number;
  /** SamplesPerPixel (0028,0002): 1, or 3 for colours. */
  readonly samples: number;
  /** Fewest bytes that the file must have for its pixels to be whole; compressed ones are not counted. */
  readonly fileBytes: number;
}

const TAGS = {
  transferSyntax: 0x00020010,
  series: 0x0020000e,
  position: 0x00200032,
  orientation: 0x00200037,
  frames: 0x00280008,
  samples: 0x00280002,
  rows: 0x00280010,
  columns: 0x00280011,
  spacing: 0x00280030,
  bits: 0x00280100,
} as const;

/** Nothing of use follows group 0028. */
const LAST_TAG = 0x00290000;

const IMPLICIT_LITTLE = '1.2.840.10008.1.2';
/** Codings of the elements themselves, not of the pixels, that nothing here reads. */
const REFUSED_SYNTAXES: { readonly [uid: string]: string | undefined } = {
  '1.2.840.10008.1.2.2': 'big-endian',
  '1.2.840.10008.1.2.1.99': 'deflated',
};
const UNCOMPRESSED = [IMPLICIT_LITTLE, '1.2.840.10008.1.2.1'];

/** Has the file the DICM of a DICOM file? */
export const isDicom = (bytes: Uint8Array): boolean =>
  bytes.length > 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';

/** Reads the front of a DICOM file, whatever the coding of its pixels. Throws its fault. */
export function scanDicom(bytes: Uint8Array): DicomSlice {
  if (!isDicom(bytes)) throw faultIn('DICM', 'is not at byte 128: no DICOM file');
  const { values, end } = readElements(bytes);
  const text = (tag: number) =>
    Buffer.from(values.get(tag) ?? [])
      .toString('latin1')
      .replace(/[\0 ]+$/, '');
  const numbers = (tag: number) => (text(tag) === '' ? [] : text(tag).split('\\').map(Number));
  const short = (tag: number) => {
    const value = values.get(tag);
    return value === undefined || value.length < 2 ? 0 : value[0] + 256 * value[1];
  };
  const samples = Math.max(1, short(TAGS.samples));
  const pixels = short(TAGS.rows) * short(TAGS.columns) * samples;
  const pixelBytes = (pixels * short(TAGS.bits)) / 8;
  return {
    series: text(TAGS.series),
    position: numbers(TAGS.position),
    orientation: numbers(TAGS.orientation),
    spacing: numbers(TAGS.spacing),
    rows: short(TAGS.rows),
    columns: short(TAGS.columns),
    frames: numbers(TAGS.frames)[0] ?? 1,
    samples,
    fileBytes: UNCOMPRESSED.includes(text(TAGS.transferSyntax)) ? end + pixelBytes : 0,
  };
}

/** Where reading stands. */
interface Cursor {
  readonly view: DataView;
  at: number;
  explicit: boolean;
}

interface Element {
  readonly tag: number;
  readonly length: number;
}

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;

/** The elements of use, and the least offset where pixels can begin. */
function readElements(bytes: Uint8Array): { values: Map<number, Uint8Array>; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor: Cursor = { view, at: 132, explicit: true };
  const values = new Map<number, Uint8Array>();
  let end = 132;
  const wanted: readonly number[] = Object.values(TAGS);
  while (cursor.at + 8 <= bytes.length) {
    const group = view.getUint16(cursor.at, true);
    if (group !== 2 && values.has(TAGS.transferSyntax)) chooseSyntax(cursor, values);
    end = cursor.at;
    const { tag, length } = nextElement(cursor);
    if (tag >= LAST_TAG) break;
    if (length === UNDEFINED_LENGTH) skipItems(cursor, SEQUENCE_END, 0);
    else {
      if (wanted.includes(tag)) values.set(tag, bytes.subarray(cursor.at, cursor.at + length));
      cursor.at += length;
    }
  }
  return { values, end: end + (cursor.explicit ? 12 : 8) }; // after the head of PixelData
}

function chooseSyntax(cursor: Cursor, values: Map<number, Uint8Array>): void {
  const syntax = Buffer.from(values.get(TAGS.transferSyntax) ?? [])
    .toString('latin1')
    .replace(/\0+$/, '');
  const refused = own(REFUSED_SYNTAXES, syntax);
  if (refused !== undefined) {
    throw faultIn('TransferSyntaxUID', `is ${refused}`, 'convert it, e.g. with dcmconv +te');
  }
  cursor.explicit = syntax !== IMPLICIT_LITTLE;
}

/** Value representations with a 4-byte length (PS3.5, 7.1.2). */
const LONG = /^(OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/;

/** Reads tag and length; the cursor then stands at the value. */
function nextElement(cursor: Cursor): Element {
  const { view, at } = cursor;
  const tag = view.getUint16(at, true) * 65536 + view.getUint16(at + 2, true);
  if (!cursor.explicit || tag >= 0xfffe0000) {
    cursor.at = at + 8;
    return { tag, length: view.getUint32(at + 4, true) };
  }
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (!LONG.test(vr)) {
    cursor.at = at + 8;
    return { tag, length: view.getUint16(at + 6, true) };
  }
  cursor.at = at + 12;
  return { tag, length: at + 12 <= view.byteLength ? view.getUint32(at + 8, true) : 0 };
}

/** Deepest nesting of sequences that is followed. */
const DEEPEST = 64;

/** Skips what is inside a sequence or item of undefined length, up to its delimiter. */
function skipItems(cursor: Cursor, end: number, depth: number): void {
  if (depth > DEEPEST) throw faultIn('sequences', 'are nested too deeply');
  while (cursor.at + 8 <= cursor.view.byteLength) {
    const { tag, length } = nextElement(cursor);
    if (tag === end) return;
    if (length !== UNDEFINED_LENGTH) cursor.at += length;
    else skipItems(cursor, tag === 0xfffee000 ? ITEM_END : SEQUENCE_END, depth + 1);
  }
}
