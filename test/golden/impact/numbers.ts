import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A raw little-endian file of numbers, by its extension: `.f32` or `.f64`. */
export async function readNumbers(folder: string, name: string): Promise<Float64Array> {
  const bytes = await readFile(join(folder, name));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return name.endsWith('.f32')
    ? Float64Array.from(new Float32Array(buffer))
    : new Float64Array(buffer);
}

/** Largest difference over the largest wanted value; throws when it is more than the tolerance. */
export function requireClose(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
): number {
  if (found.length !== wanted.length) {
    throw new Error(`${what}: ${found.length} numbers where ${wanted.length} are wanted`);
  }
  let scale = 0;
  let most = 0;
  for (let i = 0; i < wanted.length; i++) {
    scale = Math.max(scale, Math.abs(wanted[i]));
    const error = Math.abs(found[i] - wanted[i]);
    if (!(error <= most)) most = error;
  }
  const relative = scale > 0 ? most / scale : most;
  if (!(relative <= tolerance))
    throw new Error(`${what}: off by ${relative}, allowed ${tolerance}`);
  return relative;
}

/** ‖found - wanted‖ / ‖wanted‖; throws when it is more than the tolerance. */
export function requireNear(
  found: ArrayLike<number>,
  wanted: readonly number[],
  tolerance: number,
  what: string,
): number {
  if (found.length !== wanted.length) {
    throw new Error(`${what}: ${found.length} numbers where ${wanted.length} are wanted`);
  }
  const norm = Math.hypot(...wanted);
  const difference = Math.hypot(...wanted.map((w, i) => found[i] - w));
  const relative = norm > 0 ? difference / norm : difference;
  if (!(relative <= tolerance))
    throw new Error(`${what}: off by ${relative}, allowed ${tolerance}`);
  return relative;
}
