/** What one slice of a made-up CT series has. */
export interface SliceOptions {
  readonly instance: number;
  readonly position: readonly number[];
  readonly orientation: readonly number[];
  readonly spacing: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Int16Array;
  readonly slope?: number;
  readonly intercept?: number;
  readonly series?: string;
  /** Implicit VR instead of explicit. */
  readonly implicit?: boolean;
}

const ROOT = '1.2.826.0.1.3680043.8.498.1';
const CT = '1.2.840.10008.5.1.4.1.1.2';

function padded(text: string, by: string): Buffer {
  return Buffer.from(text.length % 2 === 0 ? text : text + by, 'latin1');
}

function element(tag: number, vr: string, value: Buffer, implicit: boolean): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  const long = Buffer.alloc(4);
  long.writeUInt32LE(value.length);
  if (implicit) return Buffer.concat([head, long, value]);
  const short = Buffer.alloc(2);
  short.writeUInt16LE(value.length & 0xffff);
  const isLong = ['OB', 'OW', 'SQ', 'UN'].includes(vr);
  const length = isLong ? Buffer.concat([Buffer.alloc(2), long]) : short;
  return Buffer.concat([head, Buffer.from(vr), length, value]);
}

/** A sequence and an item of undefined length with a SeriesInstanceUID that is not the file's. */
function referencedSeries(implicit: boolean): Buffer {
  const inner = element(0x0020000e, 'UI', padded('9.9.9', '\0'), implicit);
  const head = Buffer.from([0x08, 0, 0x15, 0x11, ...(implicit ? [] : [0x53, 0x51, 0, 0])]);
  const all = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0]);
  const itemEnd = Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Buffer.concat([head, all, item, all, inner, itemEnd, end]);
}

/** The bytes of a DICOM file of one CT slice. */
export function dicomSlice(options: SliceOptions): Buffer {
  const { implicit = false, series = `${ROOT}.2` } = options;
  const instance = `${ROOT}.3.${options.instance}`;
  const ui = (tag: number, uid: string, plain = implicit) =>
    element(tag, 'UI', padded(uid, '\0'), plain);
  const ds = (tag: number, values: readonly number[]) =>
    element(tag, 'DS', padded(values.join('\\'), ' '), implicit);
  const us = (tag: number, value: number) => {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return element(tag, 'US', bytes, implicit);
  };
  const text = (tag: number, vr: string, value: string) =>
    element(tag, vr, padded(value, ' '), implicit);
  const syntax = implicit ? '1.2.840.10008.1.2' : '1.2.840.10008.1.2.1';
  const meta = Buffer.concat([
    element(0x00020001, 'OB', Buffer.from([0, 1]), false),
    ui(0x00020002, CT, false),
    ui(0x00020003, instance, false),
    ui(0x00020010, syntax, false),
    ui(0x00020012, ROOT, false),
  ]);
  const metaLength = Buffer.alloc(4);
  metaLength.writeUInt32LE(meta.length);
  const { pixels } = options;
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x00020000, 'UL', metaLength, false),
    meta,
    ui(0x00080016, CT),
    ui(0x00080018, instance),
    text(0x00080060, 'CS', 'CT'),
    referencedSeries(implicit),
    text(0x00100010, 'PN', 'Phantom'),
    ui(0x0020000d, `${ROOT}.1`),
    ui(0x0020000e, series),
    text(0x00200013, 'IS', String(options.instance)),
    ds(0x00200032, options.position),
    ds(0x00200037, options.orientation),
    us(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    us(0x00280010, options.rows),
    us(0x00280011, options.columns),
    ds(0x00280030, options.spacing),
    us(0x00280100, 16),
    us(0x00280101, 16),
    us(0x00280102, 15),
    us(0x00280103, 1),
    ds(0x00281052, [options.intercept ?? 0]),
    ds(0x00281053, [options.slope ?? 1]),
    element(
      0x7fe00010,
      'OW',
      Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength),
      implicit,
    ),
  ]);
}
