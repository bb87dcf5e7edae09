import { encodeHeader, type FrameType, MAX_JSON_BYTES } from './frame.js';
import type { Fields, Outgoing } from './message.js';

/**
 * Longest binary part that is sent at once. Short enough that a cancel, which goes between two parts, waits
 * a few milliseconds; long enough that frames cost nothing.
 */
export const PART_BYTES = 4 * 2 ** 20;

/** The bytes of a message, cut into frames; each element is one frame, as pieces to be written one after another. */
export function* encodeMessage({
  type,
  id,
  fields,
  blob,
}: Outgoing): Generator<readonly Uint8Array[]> {
  const parts = blob === undefined ? [] : [...cut(blob)];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const [first, ...rest] = parts;
  yield frame(type, id, { json: total > 0 ? { ...fields, blob: total } : fields, binary: first });
  for (const binary of rest) yield frame('data', id, { binary });
}

function frame(
  type: FrameType,
  id: number,
  { json, binary }: { readonly json?: Fields; readonly binary?: Uint8Array | undefined },
): readonly Uint8Array[] {
  const text = json === undefined || isEmpty(json) ? undefined : encodeFields(json);
  const header = encodeHeader({
    type,
    id,
    jsonBytes: text?.length ?? 0,
    binaryBytes: binary?.length ?? 0,
  });
  const head = text === undefined ? header : joined(header, text);
  return binary === undefined ? [head] : [head, binary];
}

function encodeFields(fields: Fields): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(fields));
  if (text.length > MAX_JSON_BYTES)
    throw new RangeError(`a message of ${text.length} bytes of JSON is over the frame's limit`);
  return text;
}

const isEmpty = (fields: Fields): boolean => Object.keys(fields).length === 0;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Views of at most `PART_BYTES`, without a copy: an array over 4 GiB has no single view of bytes on Node 20. */
function* cut(blob: readonly ArrayBufferView[]): Generator<Uint8Array> {
  for (const { buffer, byteOffset, byteLength } of blob) {
    for (let at = 0; at < byteLength; at += PART_BYTES) {
      yield new Uint8Array(buffer, byteOffset + at, Math.min(PART_BYTES, byteLength - at));
    }
  }
}
