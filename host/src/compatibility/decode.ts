import { isFaithful, isPrototypeKey } from './json-rules.js';
import { MANIFEST_BYTES } from './manifest-shape.js';
import { type JsonFault, lineAndColumn, walkJson } from './walk-json.js';

/** Deepest nesting of lists and objects. */
export const MANIFEST_DEPTH = 32;

/** A document that was read strictly, or what is wrong with it and where. */
export type Decoded =
  | { readonly ok: true; readonly value: unknown; readonly text: string }
  | ({ readonly ok: false } & JsonFault);

/**
 * Bytes as JSON, strictly: valid UTF-8 without a byte order mark, capped in size and depth, no key twice,
 * none of `__proto__`, `constructor`, `prototype`, no number that float64 cannot hold as written.
 *
 * The engine's own parser does the work, on a stack that does not grow with depth; a walk over what it made caps the
 * depth and counts the keys, which are fewer than the text's where one was written twice. Only where something is wrong
 * does the slow walk find line and column.
 */
export function decodeManifest(bytes: Uint8Array): Decoded {
  if (bytes.length > MANIFEST_BYTES)
    return fault('size', `has ${bytes.length} bytes, more than ${MANIFEST_BYTES}`);
  const text = decodeText(bytes);
  if (typeof text !== 'string') return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return located(text);
  }
  const isSafe = countSafeKeys(value, MANIFEST_DEPTH) === countKeys(text);
  return isSafe ? { ok: true, value, text } : located(text);
}

const fault = (kind: JsonFault['kind'], reason: string): Decoded => ({
  ok: false,
  kind,
  reason,
  line: 1,
  column: 1,
});

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string | Decoded {
  if (bytes.length === 0) return fault('syntax', 'is empty');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return fault('encoding', 'starts with a byte order mark, at byte 0');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return fault('encoding', 'is UTF-16, not UTF-8, at byte 0');
  try {
    return UTF8.decode(bytes);
  } catch {
    const { offset, line, column } = firstInvalid(bytes);
    return { ok: false, kind: 'encoding', reason: `is not UTF-8 at byte ${offset}`, line, column };
  }
}

/** Where UTF-8 ends to be valid, by bisection: every start of a valid text is valid, but for a character that is cut. */
function firstInvalid(bytes: Uint8Array): { offset: number; line: number; column: number } {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodeStart(bytes.subarray(0, middle)) === undefined) invalid = middle;
    else valid = middle;
  }
  const text = decodeStart(bytes.subarray(0, valid)) ?? '';
  const offset = new TextEncoder().encode(text).length;
  return { offset, ...lineAndColumn(text, text.length) };
}

/** All whole characters; undefined where one is invalid. A streaming decoder waits for the rest of one that is cut. */
function decodeStart(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** A string, with the colon that makes a key of it. Meant for valid JSON, where no quote is anywhere else. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"\s*:?/g;

/** How many keys the text of valid JSON writes, twins among them. */
function countKeys(text: string): number {
  let keys = 0;
  while (STRING.test(text)) if (text[STRING.lastIndex - 1] === ':') keys++;
  return keys; // the last test failed, which set lastIndex back to 0
}

/** All keys of a parsed value; NaN, which equals no count, where a key, number or depth is refused. */
function countSafeKeys(value: unknown, depth: number): number {
  if (typeof value === 'number') return isFaithful(value) ? 0 : Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === 0) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const member of value) count += countSafeKeys(member, depth - 1);
    return count;
  }
  for (const key of Object.keys(value)) {
    if (isPrototypeKey(key)) return Number.NaN;
    count += 1 + countSafeKeys((value as Record<string, unknown>)[key], depth - 1);
  }
  return count;
}

function located(text: string): Decoded {
  const { fault: found } = walkJson(text, MANIFEST_DEPTH);
  if (found === undefined) return fault('syntax', 'is not JSON');
  return { ok: false, ...found };
}
