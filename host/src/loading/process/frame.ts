/** The frame protocol's lowest layer: headers as bytes. `sdk/PROTOCOL.md` is the specification. */

/** Names of the types; a type's number is its place, counted from 1. */
export const FRAME_TYPES = [
  'hello',
  'prepare',
  'run',
  'cancel',
  'dispose',
  'put',
  'release',
  'result',
  'error',
  'log',
  'progress',
  'resource',
  'data',
] as const;

export type FrameType = (typeof FRAME_TYPES)[number];

export interface FrameHeader {
  readonly type: FrameType;
  readonly id: number;
  readonly jsonBytes: number;
  readonly binaryBytes: number;
}

export const HEADER_BYTES = 24;
export const MAX_JSON_BYTES = 16 * 2 ** 20;
export const MAX_BINARY_BYTES = 64 * 2 ** 20;

/** "VXF1", read as a little-endian integer. */
const MAGIC = 0x31465856;

export type DecodedHeader =
  | { readonly ok: true; readonly header: FrameHeader }
  | { readonly ok: false; readonly reason: string };

export function encodeHeader(header: FrameHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, FRAME_TYPES.indexOf(header.type) + 1, true);
  view.setUint32(8, header.id, true);
  view.setUint32(12, header.jsonBytes, true);
  view.setBigUint64(16, BigInt(header.binaryBytes), true);
  return bytes;
}

/** Judges the 24 bytes of a header; whatever they are, it answers and never throws. */
export function decodeHeader(bytes: Uint8Array): DecodedHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const magic = view.getUint32(0, true);
  if (magic !== MAGIC) return refused(`magic 0x${magic.toString(16)} is not a frame's`);
  const number = view.getUint16(4, true);
  const type = FRAME_TYPES[number - 1];
  if (type === undefined) return refused(`frame type ${number} is unknown`);
  if (view.getUint16(6, true) !== 0) return refused('the reserved bytes are not 0');
  const jsonBytes = view.getUint32(12, true);
  if (jsonBytes > MAX_JSON_BYTES) return refused(`a JSON part of ${jsonBytes} bytes is too long`);
  const binaryBytes = view.getBigUint64(16, true);
  if (binaryBytes > MAX_BINARY_BYTES)
    return refused(`a binary part of ${binaryBytes} bytes is too long`);
  const id = view.getUint32(8, true);
  return { ok: true, header: { type, id, jsonBytes, binaryBytes: Number(binaryBytes) } };
}

const refused = (reason: string): DecodedHeader => ({ ok: false, reason });
