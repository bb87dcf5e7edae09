/**
 * Protocol buffers' wire format, as much of it as ONNX uses.
 * https://protobuf.dev/programming-guides/encoding
 */
export type Field =
  | { readonly number: number; readonly wire: 0; readonly value: bigint; readonly raw: Uint8Array }
  | {
      readonly number: number;
      readonly wire: 1 | 2 | 5;
      readonly value: Uint8Array;
      readonly raw: Uint8Array;
    };

/** Why bytes are no message. Caught where the file's name is known. */
export class WireError extends Error {}

/** Fields of a message in order; values are views of `bytes`. Throws `WireError`. */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const key = readVarint(bytes, at);
    const number = Number(key.value >> 3n);
    const wire = Number(key.value & 7n);
    if (number === 0) throw new WireError(`field 0 at byte ${start}`);
    at = key.next;
    if (wire === 0) {
      const { value, next } = readVarint(bytes, at);
      at = next;
      yield { number, wire, value, raw: bytes.subarray(start, at) };
      continue;
    }
    const { from, to } = extent(bytes, at, wire);
    at = to;
    const value = bytes.subarray(from, to);
    yield { number, wire: wire as 1 | 2 | 5, value, raw: bytes.subarray(start, at) };
  }
}

function extent(bytes: Uint8Array, at: number, wire: number): { from: number; to: number } {
  let from = at;
  let length = 0;
  if (wire === 1) length = 8;
  else if (wire === 5) length = 4;
  else if (wire === 2) {
    const size = readVarint(bytes, at);
    from = size.next;
    length = Number(size.value);
  } else throw new WireError(`wire type ${wire} at byte ${at}`);
  if (length > bytes.length - from) throw new WireError(`cut off at byte ${bytes.length}`);
  return { from, to: from + length };
}

/** At most ten bytes of seven bits, the lowest first; negative numbers are 64-bit two's complement. */
function readVarint(bytes: Uint8Array, start: number): { value: bigint; next: number } {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) throw new WireError(`cut off at byte ${bytes.length}`);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, next: start + i + 1 };
  }
  throw new WireError(`a number without end at byte ${start}`);
}

const INT64_MAX = (1n << 63n) - 1n;

/** A signed integer; what no double can tell apart near the ends of int64 survives `varintOf`. */
export const signed = (value: bigint): number => Number(BigInt.asIntN(64, value));

/** Integers of a repeated field, packed or one by one. */
export function integersOf(field: Field): number[] {
  if (field.wire === 0) return [signed(field.value)];
  const values: number[] = [];
  for (let at = 0; at < field.value.length; ) {
    const { value, next } = readVarint(field.value, at);
    values.push(signed(value));
    at = next;
  }
  return values;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/** A string field. Throws `WireError` for what is no UTF-8. */
export function textOf(field: Field): string {
  try {
    return decoder.decode(bytesOf(field));
  } catch (cause) {
    throw new WireError(`field ${field.number} is no UTF-8 text`, { cause });
  }
}

/** The content of a field that has a length. Throws `WireError` for another one. */
export function bytesOf(field: Field): Uint8Array {
  if (field.wire !== 2) throw new WireError(`field ${field.number} has wire type ${field.wire}`);
  return field.value;
}

function varintOf(value: number): number[] {
  let rest = BigInt(value);
  if (rest > INT64_MAX) rest = INT64_MAX;
  rest = BigInt.asUintN(64, rest);
  const bytes: number[] = [];
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}

/** A field of an integer. */
export const integerField = (number: number, value: number): Uint8Array =>
  Uint8Array.from([...varintOf(number * 8), ...varintOf(value)]);

/** A field of one float32. */
export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([Uint8Array.from(varintOf(number * 8 + 5)), bytes]);
}

/** A field of bytes: a message, a string, packed numbers. */
export const bytesField = (number: number, value: Uint8Array): Uint8Array =>
  concat([Uint8Array.from([...varintOf(number * 8 + 2), ...varintOf(value.length)]), value]);

export const textField = (number: number, value: string): Uint8Array =>
  bytesField(number, encoder.encode(value));

/** A field of packed integers. */
export const integersField = (number: number, values: readonly number[]): Uint8Array =>
  bytesField(number, Uint8Array.from(values.flatMap(varintOf)));

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
