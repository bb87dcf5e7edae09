import type { BinaryRead } from '../compatibility/binary/binary-facts.js';
import { parseBinary } from '../compatibility/binary/parse-binary.js';
import type { BinaryView } from '../compatibility/binary/preflight.js';
import { openBytes } from './read-bytes.js';
import { readRealPath } from './read-real-path.js';

/** Libraries of this machine by path, links followed as the loader does, each read once. */
export function createBinaryView(): BinaryView {
  const seen = new Map<string, BinaryRead | undefined>();
  return (path) => {
    if (!seen.has(path)) seen.set(path, readBinary(path));
    return seen.get(path);
  };
}

function readBinary(path: string): BinaryRead | undefined {
  const real = readRealPath(path);
  if (real === undefined) return undefined;
  try {
    using bytes = openBytes(real);
    return parseBinary(bytes, false);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
