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
 * The engine's own parser does the work; a scan before it caps the depth and a walk after it counts keys.
 * Only where something is wrong does the slow walk find line and column.
 */
export function decodeManifest(bytes: Uint8Array): Decoded {
  if (bytes.length > MANIFEST_BYTES)
    return fault('size', `has ${bytes.length} bytes, more than ${MANIFEST_BYTES}`);
  const text = decodeText(bytes);
  if (typeof text !== 'string') return text;
  const keys = countKeys(text);
  if (keys === undefined) return located(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return located(text);
  }
  return countSafeKeys(value) === keys ? { ok: true, value, text } : located(text);
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Colons outside strings, that is keys; undefined where nesting is too deep. Only meaningful for valid JSON. */
function countKeys(text: string): number | undefined {
  let depth = 0;
  let keys = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === 0x3a) keys++;
    else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > MANIFEST_DEPTH) return undefined;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return keys;
}

/** Index of the quote that closes the string opened at `start`; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

/** All keys of a parsed value; NaN where a key or number is refused, so that it equals no count. */
function countSafeKeys(value: unknown): number {
  if (typeof value === 'number') return isFaithful(value) ? 0 : Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, m) => sum + countSafeKeys(m), 0);
  let count = 0;
  for (const key of Object.keys(value)) {
    if (isPrototypeKey(key)) return Number.NaN;
    count += 1 + countSafeKeys((value as Record<string, unknown>)[key]);
  }
  return count;
}

function located(text: string): Decoded {
  const { fault: found } = walkJson(text, MANIFEST_DEPTH);
  if (found === undefined) return fault('syntax', 'is not JSON');
  return { ok: false, ...found };
}
