import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../../../shared/golden/impact/', import.meta.url);

/** Path of a file of the shared golden data; the test is skipped, with the reason, where there is none. */
export function golden(test: Mocha.Context, name: string): string {
  const path = fileURLToPath(new URL(name, folder));
  if (!existsSync(path)) {
    if (test.test !== undefined) test.test.title += ` (skipped: no ${name} beside the checkout)`;
    test.skip();
  }
  return path;
}

export function goldenJson<T>(test: Mocha.Context, name: string): T {
  return JSON.parse(readFileSync(golden(test, name), 'utf8')) as T;
}

/** A raw little-endian file of numbers, by its extension: `.f32` or `.f64`. */
export function goldenNumbers(test: Mocha.Context, name: string): Float64Array {
  const bytes = readFileSync(golden(test, name));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return name.endsWith('.f32')
    ? Float64Array.from(new Float32Array(buffer))
    : new Float64Array(buffer);
}
