import type { BinaryRead } from '../binary/binary-facts.js';
import { parseBinary } from '../binary/parse-binary.js';
import type { BinaryView } from '../binary/preflight.js';
import type { ExportsOf } from '../binary/undefined-symbols.js';
import { openBytes } from '../files/read-bytes.js';
import { readRealPath } from '../files/read-real-path.js';

/** Libraries of this machine by path, links followed as the loader does, each read once. */
export function createBinaryView(): BinaryView {
  const seen = new Map<string, BinaryRead | undefined>();
  return (path) => {
    if (!seen.has(path)) seen.set(path, readBinary(path));
    return seen.get(path);
  };
}

/** Names that libraries of this machine define, each library read once. */
export function createExportsView(): ExportsOf {
  const seen = new Map<string, readonly string[] | undefined>();
  return (path) => {
    if (!seen.has(path)) {
      const read = readBinary(path, true);
      seen.set(path, read?.ok ? read.slices.flatMap(({ exports }) => exports) : undefined);
    }
    return seen.get(path);
  };
}

function readBinary(path: string, withSymbols = false): BinaryRead | undefined {
  const real = readRealPath(path);
  if (real === undefined) return undefined;
  try {
    using bytes = openBytes(real);
    return parseBinary(bytes, withSymbols);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
